using SQLitePCL;
using StashAI.Queue.Store;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>
/// The thread that writes. It commits queued operations as a group, so that one flush to the disk serves all operations that arrived during
/// the previous flush. Each operation of several has a savepoint, so a failed one does not affect the others.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxUrgent = 256;
    private const int MaxBulk = 4;

    private readonly SqliteDatabase database;
    private readonly WriterTurn turn;
    private readonly long walLimit;
    private readonly Lock gate = new();
    private readonly Queue<WriteOperation> urgent = new();
    private readonly Queue<WriteOperation> bulk = new();
    private readonly ManualResetEventSlim work = new();
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool hasLog;
    private bool stopping;

    public SqliteWriter(SqliteDatabase database, long walLimit)
    {
        this.database = database;
        this.walLimit = walLimit;
        var session = database.OpenWriter();
        turn = new WriterTurn(database.Path);
        new Thread(() => Run(session)) { IsBackground = true, Name = "sqlite-writer" }.Start();
    }

    private string LogPath => database.Path + "-wal";

    /// <summary>
    /// Runs <paramref name="operation"/> on the writer's thread and returns its value when it is durable. The token cancels only an
    /// operation that has not begun.
    /// </summary>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> operation, CancellationToken cancellationToken, bool isBulk = false)
    {
        var write = new WriteOperation<T>(operation, cancellationToken);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopping, this);
            (isBulk ? bulk : urgent).Enqueue(write);
            work.Set();
        }

        return write.Task;
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            stopping = true;
            work.Set();
        }

        await stopped.Task;
        work.Dispose();
    }

    private void Run(SqliteSession session)
    {
        var group = new List<WriteOperation>(MaxUrgent + MaxBulk);
        try
        {
            while (WaitForWork())
            {
                turn.Take();
                Gather(group);
                Commit(session, group);
                turn.End();
                group.Clear();
                LimitWal(session);
            }
        }
        finally
        {
            turn.Dispose();
            session.Dispose();
            stopped.SetResult();
        }
    }

    private bool WaitForWork()
    {
        while (true)
        {
            work.Wait();
            lock (gate)
            {
                if (urgent.Count + bulk.Count > 0) return true;
                if (stopping) return false;
                work.Reset();
            }
        }
    }

    /// <summary>Adds operations that arrived while the writer waited for its turn.</summary>
    private void Gather(List<WriteOperation> group)
    {
        lock (gate)
        {
            while (group.Count < MaxUrgent && urgent.TryDequeue(out var operation)) group.Add(operation);
            for (var taken = 0; taken < MaxBulk && bulk.TryDequeue(out var operation); taken++) group.Add(operation);
        }
    }

    private void Commit(SqliteSession session, List<WriteOperation> group)
    {
        try
        {
            // A removed file (or log) can still be written, but is lost with the process: such a commit must not be reported as durable.
            if (!File.Exists(database.Path) || (hasLog && !File.Exists(LogPath)))
            {
                throw new StoreTroubleException(SqliteTroubles.FileReplaced(database.Path));
            }

            session.Use("BEGIN IMMEDIATE").Run();
            if (group is [var single])
            {
                if (TryRunAlone(session, single)) session.Use("COMMIT").Run();
            }
            else
            {
                foreach (var operation in group) RunOne(session, operation);
                session.Use("COMMIT").Run();
            }

            hasLog = hasLog || File.Exists(LogPath);
        }
        catch (Exception exception)
        {
            session.ResetAll();
            if (session.InTransaction) session.Use("ROLLBACK").Run();
            foreach (var operation in group) operation.Fail(exception);
            return;
        }

        foreach (var operation in group) operation.Finish();
    }

    /// <summary>
    /// Runs an operation without neighbours; false when it failed and its transaction is rolled back. It needs no savepoint, which would
    /// copy each page before it is written.
    /// </summary>
    private static bool TryRunAlone(SqliteSession session, WriteOperation operation)
    {
        try
        {
            operation.Execute(session);
            return true;
        }
        catch (Exception exception) when (session.InTransaction)
        {
            session.ResetAll();
            session.Use("ROLLBACK").Run();
            operation.SetError(exception);
            return false;
        }
    }

    private static void RunOne(SqliteSession session, WriteOperation operation)
    {
        session.Use("SAVEPOINT operation").Run();
        try
        {
            operation.Execute(session);
        }
        catch (Exception exception)
        {
            // On a full disk or an I/O error, SQLite has rolled back the whole group, so no operation in it may succeed.
            if (!session.InTransaction) throw;
            session.ResetAll();
            session.Use("ROLLBACK TO operation").Run();
            operation.SetError(exception);
        }

        session.Use("RELEASE operation").Run();
    }

    private void LimitWal(SqliteSession session)
    {
        var wal = new FileInfo(database.Path + "-wal");
        if (wal.Exists && wal.Length > walLimit)
        {
            // A blocking reader must not stop the writer: this is tried again after the next group.
            _ = raw.sqlite3_busy_timeout(session.Handle, 50);
            _ = raw.sqlite3_wal_checkpoint_v2(session.Handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
            _ = raw.sqlite3_busy_timeout(session.Handle, SqliteDatabase.BusyMilliseconds);
        }
    }
}
