// Importing it links jemalloc, whose malloc and free then serve the whole process: a broker's messages
// are freed by libzmq's thread, for which glibc's allocator makes both threads wait
// (docs/decisions/0021-jemalloc-in-the-executable.md).
import CJemalloc
