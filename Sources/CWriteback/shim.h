#ifdef __linux__
// The C library declares it among its extensions alone.
int sync_file_range(int descriptor, long long offset, long long count, unsigned int flags);
enum { WRITEBACK_START = 2 };
#endif
