using Microsoft.Data.Sqlite;
using StashAI.SqliteFiles;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>What was freed is nowhere in the files after a scrub, whatever others do meanwhile, and nothing else has changed.</summary>
public sealed class ScrubTests : IDisposable
{
    private const int RowCount = 400;
    private const string Change = "UPDATE scrubs SET count = count + 1";
    private const string AddNote = "INSERT INTO notes (number, data) VALUES (1, ?1)";
    private const string Replace = "UPDATE rows SET data = ?1 WHERE id = (SELECT MIN(id) FROM rows WHERE id >= ?2)";
    private const string Count = "UPDATE keyed SET number = number + 1 WHERE id = ?1";

    private static readonly byte[] Secret = [.. "TheNameOfSomebodyWhoLeft."u8];

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Database => folder.File("t.db");

    /// <summary>Kinds of pages: small ones, where many cells go on elsewhere; with auto_vacuum, some that list where others are.</summary>
    public static TheoryData<int, int, int> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, int, int>();
            foreach (var size in (int[])[512, 1024, 4096, 65536])
            {
                for (var vacuum = 0; vacuum <= 2; vacuum++) kinds.Add(size, vacuum, size + vacuum);
            }

            for (var seed = 1; seed <= 8; seed++) kinds.Add(4096, 0, seed);
            return kinds;
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Nothing_that_was_freed_is_left_and_all_rows_are_as_before(int pageSize, int autoVacuum, int seed)
    {
        using var connection = Create(pageSize, autoVacuum);
        Fill(connection, new Random(seed));
        Forget(connection, new Random(seed));
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        Assert.True(Find(Secret) > 0);
        var before = Rows(connection);
        var file = await ReadAsync();

        Assert.True(await ScrubAsync());

        Assert.Equal(0, Find(Secret));
        Assert.Equal(before, Rows(connection));
        Assert.Equal("ok", Check(Database));
        var after = await ReadAsync();
        await AssertHarmlessWhenCutShortAsync(file, after, new Random(seed));
    }

    /// <summary>A process may be killed at any moment: whichever of the bytes are written, nobody reads them.</summary>
    private async Task AssertHarmlessWhenCutShortAsync(byte[] before, byte[] after, Random random)
    {
        Assert.Equal(before.Length, after.Length);
        var torn = (byte[])before.Clone();
        for (var i = 0; i < torn.Length; i++)
        {
            if (after[i] == 0 && random.Next(2) == 0) torn[i] = 0;
        }

        var path = folder.File("torn.db");
        await File.WriteAllBytesAsync(path, torn, Cancellation);
        Assert.Equal("ok", Check(path));
        using var connection = Open(path);
        using var original = Open(Database);
        Assert.Equal(Rows(original), Rows(connection));
    }

    [Fact]
    public async Task A_connection_that_has_pages_in_memory_does_not_bring_back_what_was_in_their_gaps()
    {
        using var connection = Create(4096, 0);
        Fill(connection, new Random(1));
        Forget(connection, new Random(1));
        using var other = Open(Database);
        Rows(other);

        Assert.True(await ScrubAsync());
        Execute(other, "UPDATE rows SET number = number + 1");
        Execute(other, "UPDATE keyed SET number = number + 1");
        Execute(connection, "UPDATE rows SET number = number + 1");

        Assert.Equal(0, Find(Secret));
        Assert.Equal("ok", Check(Database));
    }

    /// <summary>Such a page is written with what is behind its end, and without the page where its chain begins.</summary>
    [Fact]
    public async Task The_end_of_a_large_row_that_is_written_in_place_meanwhile_is_overwritten_too()
    {
        using var connection = Create(4096, 0);
        Fill(connection, new Random(2));
        Forget(connection, new Random(2));
        // The last bytes of each row change, and its length and its first bytes do not.
        using var other = Open(Database);
        Rows(other);
        var calls = 0;

        var isDone = await ScrubAsync(() =>
        {
            if (calls++ == 0) Execute(other, "UPDATE rows SET data = CAST(substr(data, 1, length(data) - 1) || x'02' AS BLOB)");
            return Task.FromResult(true);
        });

        Assert.True(isDone);
        Assert.True(calls > 1);
        Assert.Equal(0, Find(Secret));
        Assert.Equal("ok", Check(Database));
    }

    [Fact]
    public async Task Writers_go_on_meanwhile_and_lose_nothing()
    {
        using (var connection = Create(4096, 0))
        {
            Fill(connection, new Random(3));
            Forget(connection, new Random(3));
        }

        // Two processes that write as fast as they can, and one that erases.
        var database = new SqliteDatabase(new SqliteSettings { Path = Database });
        await using var first = new SqliteWriter(database, long.MaxValue);
        await using var second = new SqliteWriter(database, long.MaxValue);
        using var ended = new CancellationTokenSource();
        using var notes = new SemaphoreSlim(0);
        var writers = new[] { first, second }.Select((writer, number) => WriteAsync(writer, number, notes, ended.Token)).ToList();
        var scrub = new SqliteScrub(database);
        var scrubs = 0;
        for (var tries = 0; scrubs < 10; tries++)
        {
            Assert.True(tries < 50);
            if (await scrub.RunAsync(() => Task.FromResult(true), Cancellation)) scrubs++;
        }

        for (var i = 0; i < 11; i++) await notes.WaitAsync(Cancellation);
        await ended.CancelAsync();
        var written = (await Task.WhenAll(writers)).Sum();

        using var again = Open(Database);
        Assert.Equal(written, Number(again, "SELECT COUNT(*) FROM notes"));
        Assert.Equal(written, Number(again, "SELECT SUM(number) FROM notes"));
        Assert.Equal(0, Find(Secret));
        Assert.Equal("ok", Check(Database));
    }

    [Fact]
    public async Task It_ends_when_it_is_told_to_and_waits_for_no_reader()
    {
        using var connection = Create(4096, 0);
        Fill(connection, new Random(4));
        Assert.False(await ScrubAsync(() => Task.FromResult(false)));
        using var reader = Open(Database);
        Execute(reader, "BEGIN");
        Number(reader, "SELECT COUNT(*) FROM rows");
        Execute(connection, "UPDATE rows SET number = 7");

        Assert.False(await ScrubAsync());
        Execute(reader, "ROLLBACK");
        Assert.True(await ScrubAsync());
        Execute(connection, "UPDATE rows SET number = 8");
    }

    private async Task<bool> ScrubAsync(Func<Task<bool>>? goOn = null)
    {
        using var writer = Open(Database);
        using var reader = Open(Database);
        var scrub = new DatabaseScrub(writer.Handle!, reader.Handle!);
        var isDone = await scrub.RunAsync(Change, goOn ?? (() => Task.FromResult(true)), Cancellation);
        Assert.True(scrub.IsComplete);
        return isDone;
    }

    private SqliteConnection Create(int pageSize, int autoVacuum)
    {
        var connection = Open(Database);
        Execute(connection, $"PRAGMA page_size = {pageSize}; PRAGMA auto_vacuum = {autoVacuum}; PRAGMA journal_mode = WAL");
        Execute(
            connection,
            """
            PRAGMA wal_autocheckpoint = 0;
            CREATE TABLE rows (id INTEGER PRIMARY KEY, number INTEGER NOT NULL DEFAULT 0, data BLOB NOT NULL);
            CREATE INDEX rows_by_data ON rows (data);
            CREATE TABLE keyed (
                name BLOB NOT NULL, id INTEGER NOT NULL, number INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (name, id)) WITHOUT ROWID;
            CREATE TABLE notes (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, data BLOB NOT NULL);
            CREATE TABLE erasure_blanks (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
            CREATE TABLE scrubs (count INTEGER NOT NULL);
            INSERT INTO scrubs (count) VALUES (0);
            """);
        return connection;
    }

    private static void Fill(SqliteConnection connection, Random random)
    {
        Execute(connection, "BEGIN");
        for (var row = 0; row < RowCount; row++)
        {
            Execute(connection, "INSERT INTO rows (data) VALUES ($data)", Data(random, isSecret: row % 3 > 0));
            Execute(connection, $"INSERT INTO keyed (name, id) VALUES ($data, {row})", Data(random, isSecret: row % 3 > 0));
        }

        Execute(connection, "COMMIT");
    }

    /// <summary>Replaces and removes what is secret, in several ways and without overwriting it.</summary>
    private static void Forget(SqliteConnection connection, Random random)
    {
        var rows = Number(connection, "SELECT MAX(id) FROM rows");
        Execute(connection, "BEGIN");
        for (var row = 1; row <= rows; row++)
        {
            if ((row - 1) % 3 == 0) continue;
            if (random.Next(3) == 0) Execute(connection, $"DELETE FROM rows WHERE id = {row}");
            else Execute(connection, $"UPDATE rows SET data = $data WHERE id = {row}", Data(random, isSecret: false));
            Execute(connection, $"DELETE FROM keyed WHERE id = {row - 1}");
            if (random.Next(2) == 0)
                Execute(connection, $"INSERT INTO keyed (name, id) VALUES ($data, {row})", Data(random, isSecret: false));
            if (random.Next(20) == 0) Execute(connection, "COMMIT; BEGIN");
        }

        Execute(connection, "COMMIT");
    }

    private static byte[] Data(Random random, bool isSecret)
    {
        var most = random.Next(4) switch { 0 => 60, 1 => 1500, 2 => 6000, _ => 30000 };
        var data = new byte[1 + random.Next(most)];
        for (var i = 0; i < data.Length; i++) data[i] = isSecret ? Secret[i % Secret.Length] : (byte)random.Next(1, 4);
        return data;
    }

    private static async Task<long> WriteAsync(SqliteWriter writer, int number, SemaphoreSlim notes, CancellationToken ended)
    {
        var random = new Random(number);
        var written = 0L;
        while (!ended.IsCancellationRequested)
        {
            written += await writer.RunAsync(
                session =>
                {
                    session.Use(AddNote).Bind(1, Data(random, isSecret: false)).Run();
                    session.Use(Replace).Bind(1, Data(random, isSecret: false)).Bind(2, random.Next(RowCount)).Run();
                    return session.Use(Count).Bind(1, random.Next(RowCount)).Run() < 0 ? 0 : 1;
                },
                Cancellation);
            notes.Release();
        }

        return written;
    }

    /// <summary>All rows, read through all indexes, as one digest.</summary>
    private static string Rows(SqliteConnection connection)
    {
        var digest = new HashCode();
        foreach (var sql in (string[])
            [
                "SELECT id, data FROM rows ORDER BY id", "SELECT id, data FROM rows INDEXED BY rows_by_data ORDER BY data, id",
                "SELECT id, name FROM keyed ORDER BY name, id",
            ])
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                digest.Add(rows.GetInt64(0));
                digest.AddBytes(rows.GetFieldValue<byte[]>(1));
            }
        }

        return $"{digest.ToHashCode()}";
    }

    private int Find(byte[] value)
    {
        var count = 0;
        foreach (var path in (string[])[Database, Database + "-wal"])
        {
            if (!File.Exists(path)) continue;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var data = new byte[stream.Length];
            stream.ReadExactly(data);
            for (var at = data.AsSpan().IndexOf(value); at >= 0; count++)
            {
                var next = data.AsSpan(at + value.Length).IndexOf(value);
                at = next < 0 ? -1 : at + value.Length + next;
            }
        }

        return count;
    }

    private async Task<byte[]> ReadAsync()
    {
        await using var stream = new FileStream(Database, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var data = new byte[stream.Length];
        await stream.ReadExactlyAsync(data, Cancellation);
        return data;
    }

    private static string Check(string path)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql, byte[]? data = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (data is not null) command.Parameters.AddWithValue("$data", data);
        command.ExecuteNonQuery();
    }
}
