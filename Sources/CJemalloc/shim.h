// Nothing is called by name: an executable that links the library has its malloc and free. The
// library's own header would declare those of the C library a second time.
