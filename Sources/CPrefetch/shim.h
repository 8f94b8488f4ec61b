// Swift has no word for it: lets memory come near that is read soon, and waits for nothing.
static inline void prefetch(const void *address) { __builtin_prefetch(address); }
