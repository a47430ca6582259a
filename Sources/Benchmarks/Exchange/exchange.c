/*
 * The yardstick of the cluster: the same bytes per item through libzmq's own zmq_proxy, in C.
 *
 *   exchange DIR ITEMS IN_FLIGHT REQUEST REPLY
 *   exchange DIR 1000 1 32,40 32,12,400
 *
 * Three processes over ipc sockets in DIR: a client (DEALER), zmq_proxy between a ROUTER and a
 * DEALER, and a worker that answers each request at once. REQUEST and REPLY are the sizes of a
 * message's frames in bytes; the first frame has at least 8. One message is one item. A tenth of
 * ITEMS, at least 100, goes through first as warm-up.
 *
 * Prints `items N`, `nanoseconds T` (first send to last receive), and for IN_FLIGHT 1 one line
 * `trip T` for each item. Every reply is checked: the number of the item it answers, in order, and
 * the sizes of its frames. Exit status 1 when a check fails or nothing comes for 10 s.
 *
 * Build: cc -O2 -o exchange exchange.c -lzmq
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum { MAX_FRAMES = 8, MAX_FRAME_BYTES = 1 << 20, TIMEOUT_MS = 10000 };

struct shape {
    int frames;
    size_t bytes[MAX_FRAMES];
};

static pid_t children[2];
static char payload[MAX_FRAME_BYTES];

static void stop_children(void) {
    for (int i = 0; i < 2; i++) {
        if (children[i] > 0) {
            kill(children[i], SIGKILL);
            waitpid(children[i], NULL, 0);
        }
    }
}

static void fail(const char *what) {
    fprintf(stderr, "exchange: %s: %s\n", what, zmq_strerror(zmq_errno()));
    exit(1);
}

static uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static struct shape parse_shape(const char *text) {
    struct shape shape = {0, {0}};
    while (shape.frames < MAX_FRAMES) {
        char *end;
        unsigned long bytes = strtoul(text, &end, 10);
        if (end == text || bytes > MAX_FRAME_BYTES || (shape.frames == 0 && bytes < 8)) break;
        shape.bytes[shape.frames++] = bytes;
        if (*end == '\0') return shape;
        if (*end != ',') break;
        text = end + 1;
    }
    fprintf(stderr, "exchange: frame sizes are 1 to %d numbers up to %d, as in 32,40; the first is "
                    "at least 8\n", MAX_FRAMES, MAX_FRAME_BYTES);
    exit(64);
}

static void *open_socket(void *context, int type) {
    void *socket = zmq_socket(context, type);
    int linger = 0, none = 0;
    if (!socket || zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger)
        || zmq_setsockopt(socket, ZMQ_SNDHWM, &none, sizeof none)
        || zmq_setsockopt(socket, ZMQ_RCVHWM, &none, sizeof none))
        fail("socket");
    return socket;
}

/* Sends the frames of a shape; the first begins with `number`. */
static void send_shape(void *socket, const struct shape *shape, uint64_t number) {
    for (int i = 0; i < shape->frames; i++) {
        int more = i + 1 < shape->frames ? ZMQ_SNDMORE : 0;
        if (i == 0) memcpy(payload, &number, sizeof number);
        if (zmq_send(socket, payload, shape->bytes[i], more) < 0) fail("send");
    }
}

/* Receives a message of a shape and returns the number in its first frame. */
static uint64_t receive_shape(void *socket, const struct shape *shape) {
    uint64_t number = 0;
    zmq_msg_t frame;
    zmq_msg_init(&frame);
    for (int i = 0; i < shape->frames; i++) {
        if (zmq_msg_recv(&frame, socket, 0) < 0) fail("receive");
        if (zmq_msg_size(&frame) != shape->bytes[i] || zmq_msg_more(&frame) != (i + 1 < shape->frames)) {
            fprintf(stderr, "exchange: frame %d has %zu bytes, expected %zu\n", i,
                    zmq_msg_size(&frame), shape->bytes[i]);
            exit(1);
        }
        if (i == 0) memcpy(&number, zmq_msg_data(&frame), sizeof number);
    }
    zmq_msg_close(&frame);
    return number;
}

static void run_proxy(const char *front, const char *back) {
    void *context = zmq_ctx_new();
    void *clients = open_socket(context, ZMQ_ROUTER), *workers = open_socket(context, ZMQ_DEALER);
    if (zmq_bind(clients, front) || zmq_bind(workers, back)) fail("bind");
    zmq_proxy(clients, workers, NULL);
    exit(1);
}

static void run_worker(const char *back, const struct shape *request, const struct shape *reply) {
    void *context = zmq_ctx_new();
    void *socket = open_socket(context, ZMQ_DEALER);
    char identity[256];
    if (zmq_connect(socket, back)) fail("connect");
    for (;;) {
        int bytes = zmq_recv(socket, identity, sizeof identity, 0);
        if (bytes < 0 || (size_t)bytes > sizeof identity) fail("receive the identity");
        uint64_t number = receive_shape(socket, request);
        if (zmq_send(socket, identity, (size_t)bytes, ZMQ_SNDMORE) < 0) fail("send the identity");
        send_shape(socket, reply, number);
    }
}

static pid_t start(void (*body)(const char *, const char *, const struct shape *, const struct shape *),
                   const char *front, const char *back, const struct shape *request,
                   const struct shape *reply) {
    pid_t parent = getpid(), child = fork();
    if (child < 0) fail("fork");
    if (child > 0) return child;
    children[0] = children[1] = 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    body(front, back, request, reply);
    _exit(1);
}

static void proxy_body(const char *front, const char *back, const struct shape *request,
                       const struct shape *reply) {
    (void)request, (void)reply;
    run_proxy(front, back);
}

static void worker_body(const char *front, const char *back, const struct shape *request,
                        const struct shape *reply) {
    (void)front;
    run_worker(back, request, reply);
}

/* Passes `items` with at most `in_flight` on their way; returns the nanoseconds it took. */
static uint64_t exchange(void *socket, uint64_t items, uint64_t in_flight, const struct shape *request,
                         const struct shape *reply, uint64_t *trips) {
    uint64_t sent = 0, began = now_ns();
    for (uint64_t received = 0; received < items; received++) {
        uint64_t trip_began = now_ns();
        while (sent < items && sent - received < in_flight) send_shape(socket, request, sent++);
        uint64_t number = receive_shape(socket, reply);
        if (number != received) {
            fprintf(stderr, "exchange: item %" PRIu64 " was answered, expected %" PRIu64 "\n", number,
                    received);
            exit(1);
        }
        if (trips) trips[received] = now_ns() - trip_began;
    }
    return now_ns() - began;
}

int main(int count, char **arguments) {
    if (count != 6) {
        fprintf(stderr, "usage: exchange DIR ITEMS IN_FLIGHT REQUEST REPLY\n");
        return 64;
    }
    char front[256], back[256];
    snprintf(front, sizeof front, "ipc://%s/exchange.front", arguments[1]);
    snprintf(back, sizeof back, "ipc://%s/exchange.back", arguments[1]);
    uint64_t items = strtoull(arguments[2], NULL, 10), in_flight = strtoull(arguments[3], NULL, 10);
    struct shape request = parse_shape(arguments[4]), reply = parse_shape(arguments[5]);
    if (items < 1 || items > 100000000 || in_flight < 1) {
        fprintf(stderr, "exchange: ITEMS is 1 to 100000000, IN_FLIGHT at least 1\n");
        return 64;
    }

    atexit(stop_children);
    children[0] = start(proxy_body, front, back, &request, &reply);
    children[1] = start(worker_body, front, back, &request, &reply);

    void *context = zmq_ctx_new();
    void *socket = open_socket(context, ZMQ_DEALER);
    int timeout = TIMEOUT_MS;
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout, sizeof timeout);
    if (zmq_connect(socket, front)) fail("connect");

    uint64_t warm_up = items / 10 > 100 ? items / 10 : 100;
    exchange(socket, warm_up, in_flight, &request, &reply, NULL);
    uint64_t *trips = in_flight == 1 ? calloc(items, sizeof *trips) : NULL;
    uint64_t took = exchange(socket, items, in_flight, &request, &reply, trips);

    printf("items %" PRIu64 "\nnanoseconds %" PRIu64 "\n", items, took);
    for (uint64_t i = 0; trips && i < items; i++) printf("trip %" PRIu64 "\n", trips[i]);
    free(trips);
    return 0;
}
