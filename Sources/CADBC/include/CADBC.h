// The binary interfaces of Arrow's C data, C stream and ADBC 1.1 specifications, as far as a client of a driver
// needs them. Sources: "The Arrow C data interface", "The Arrow C stream interface" and "ADBC: Arrow Database
// Connectivity", of the Apache Arrow project. Order and width of the members are theirs and may not change.
#ifndef THROUGHLINE_CADBC_H
#define THROUGHLINE_CADBC_H

#include <stddef.h>
#include <stdint.h>

/// What a column, or a batch as a whole, is made of.
struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

/// The values of a column, or the columns of a batch.
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

/// Batches of one schema, pulled one by one.
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

struct AdbcDriver;

/// What a driver says when a call fails.
struct AdbcError {
  char *message;
  int32_t vendor_code;
  char sqlstate[5];
  void (*release)(struct AdbcError *);
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcDatabase {
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcConnection {
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcStatement {
  void *private_data;
  struct AdbcDriver *private_driver;
};

typedef uint8_t AdbcStatus;
/// A member of the table of functions that this client does not call.
typedef void (*AdbcUnused)(void);

/// The functions of a driver; a member may be null where the driver lacks it.
struct AdbcDriver {
  void *private_data;
  void *private_manager;
  AdbcStatus (*release)(struct AdbcDriver *, struct AdbcError *);

  AdbcStatus (*DatabaseInit)(struct AdbcDatabase *, struct AdbcError *);
  AdbcStatus (*DatabaseNew)(struct AdbcDatabase *, struct AdbcError *);
  AdbcStatus (*DatabaseSetOption)(struct AdbcDatabase *, const char *, const char *, struct AdbcError *);
  AdbcStatus (*DatabaseRelease)(struct AdbcDatabase *, struct AdbcError *);

  AdbcUnused ConnectionCommit;
  AdbcUnused ConnectionGetInfo;
  AdbcUnused ConnectionGetObjects;
  AdbcUnused ConnectionGetTableSchema;
  AdbcUnused ConnectionGetTableTypes;
  AdbcStatus (*ConnectionInit)(struct AdbcConnection *, struct AdbcDatabase *, struct AdbcError *);
  AdbcStatus (*ConnectionNew)(struct AdbcConnection *, struct AdbcError *);
  AdbcUnused ConnectionSetOption;
  AdbcUnused ConnectionReadPartition;
  AdbcStatus (*ConnectionRelease)(struct AdbcConnection *, struct AdbcError *);
  AdbcUnused ConnectionRollback;

  AdbcStatus (*StatementBind)(struct AdbcStatement *, struct ArrowArray *, struct ArrowSchema *,
                              struct AdbcError *);
  AdbcUnused StatementBindStream;
  AdbcStatus (*StatementExecuteQuery)(struct AdbcStatement *, struct ArrowArrayStream *, int64_t *,
                                      struct AdbcError *);
  AdbcUnused StatementExecutePartitions;
  AdbcUnused StatementGetParameterSchema;
  AdbcStatus (*StatementNew)(struct AdbcConnection *, struct AdbcStatement *, struct AdbcError *);
  AdbcUnused StatementPrepare;
  AdbcStatus (*StatementRelease)(struct AdbcStatement *, struct AdbcError *);
  AdbcStatus (*StatementSetOption)(struct AdbcStatement *, const char *, const char *, struct AdbcError *);
  AdbcStatus (*StatementSetSqlQuery)(struct AdbcStatement *, const char *, struct AdbcError *);
  AdbcUnused StatementSetSubstraitPlan;

  // Since 1.1.
  AdbcUnused ErrorGetDetailCount;
  AdbcUnused ErrorGetDetail;
  AdbcUnused ErrorFromArrayStream;
  AdbcUnused DatabaseGetOption;
  AdbcUnused DatabaseGetOptionBytes;
  AdbcUnused DatabaseGetOptionDouble;
  AdbcUnused DatabaseGetOptionInt;
  AdbcUnused DatabaseSetOptionBytes;
  AdbcUnused DatabaseSetOptionDouble;
  AdbcUnused DatabaseSetOptionInt;
  AdbcStatus (*ConnectionCancel)(struct AdbcConnection *, struct AdbcError *);
  AdbcUnused ConnectionGetOption;
  AdbcUnused ConnectionGetOptionBytes;
  AdbcUnused ConnectionGetOptionDouble;
  AdbcUnused ConnectionGetOptionInt;
  AdbcUnused ConnectionGetStatistics;
  AdbcUnused ConnectionGetStatisticNames;
  AdbcUnused ConnectionSetOptionBytes;
  AdbcUnused ConnectionSetOptionDouble;
  AdbcUnused ConnectionSetOptionInt;
  AdbcUnused StatementCancel;
  AdbcUnused StatementExecuteSchema;
  AdbcUnused StatementGetOption;
  AdbcUnused StatementGetOptionBytes;
  AdbcUnused StatementGetOptionDouble;
  AdbcUnused StatementGetOptionInt;
  AdbcUnused StatementSetOptionBytes;
  AdbcUnused StatementSetOptionDouble;
  AdbcUnused StatementSetOptionInt;
};

/// The entry point of a driver.
typedef AdbcStatus (*AdbcDriverInit)(int version, void *driver, struct AdbcError *);

enum { AdbcVersion_1_1 = 1001000 };

#endif
