/// What the metrics of ours are, for their HELP lines; swift-metrics carries none.
enum MetricHelp {
    static let texts: [String: String] = [
        "broker_requests_total": "Items of SUBMIT that have ended, by outcome.",
        "broker_request_duration_seconds":
            "From the arrival of an item to its answer, of items completed.",
        "broker_queue_items": "Items that wait for their start, by priority.",
        "broker_queue_wait_seconds": "From the arrival of an item to its start.",
        "broker_calls_total": "Tasks sent to workers that have ended, by outcome.",
        "broker_inflight_calls": "Tasks at workers that have not ended.",
        "broker_hedged_calls_total": "Tasks given to a second replica because the first was late.",
        "broker_partial_results_total": "Answers that lack shards.",
        "broker_workers": "Workers by state; lost ones that have not come back are counted.",
        "broker_worker_lost_total": "Workers taken for dead.",
        "broker_retries_total": "Tasks to be sent again, by reason.",
        "broker_poison_queries_total":
            "Queries set aside since workers ended while they worked on them.",
        "broker_poison_refused_total": "Times that such a query was asked again and not tried.",
        "broker_stale_replies_total": "Answers to tasks that were not in flight.",
        "broker_malformed_messages_total": "Messages that broke the protocol.",
        "broker_send_eagain_total": "Messages to peers whose queue was full.",
        "broker_unroutable_total": "Messages to peers that had gone.",
        "broker_loop_tick_max_seconds": "The longest turn of the broker's loop in the last minute.",
        "worker_slots": "Search threads.",
        "worker_busy": "Search threads at work.",
        "worker_call_duration_seconds": "Work on a task, without waiting.",
        "worker_cancelled_total": "Tasks that ended because their broker had cancelled them.",
        "worker_failed_total":
            "Tasks worked on without an answer, the cancelled ones among them, the refused not.",
    ]
}
