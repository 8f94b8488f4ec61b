#if canImport(Glibc)
  import CMalloc
#endif

/// What becomes of memory that a program no longer uses.
public enum FreedMemory {
  /// Keeps it for the next who asks, where the C library would hand it back: called once, when a program starts.
  ///
  /// Each batch of rows has arrays of some hundred kilobytes. By default such are mapped from the system and unmapped
  /// again, and the system clears every page of the next ones, which takes as long as computing what they hold. From
  /// 32 MB on, which nothing asks for batch by batch, arrays are still handed back at once, so that the most memory
  /// that a run takes stays what it is.
  public static func keep() {
    #if canImport(Glibc)
      _ = mallopt(M_MMAP_THRESHOLD, 32 << 20)
      _ = mallopt(M_TRIM_THRESHOLD, 256 << 20)
    #endif
  }
}
