using System.Globalization;
using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Store;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Database;

/// <summary>
/// Hints by LISTEN and NOTIFY. Each NOTIFY runs in a separate transaction: in transactions that change rows, it would make all commits wait
/// for each other. A message is <c>sender;work;job,job,...</c>, with <c>*</c> for too many jobs.
/// </summary>
internal sealed class PostgresHints(PostgresDatabase database, TimeProvider clock) : IHints
{
    private const string Channel = "stashai_queue";
    private const string Notify = $"SELECT pg_notify('{Channel}', $1)";
    private const string Any = "*";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    private readonly string sender = Guid.NewGuid().ToString("N");

    public async Task SendAsync(Hint hint, CancellationToken cancellationToken)
    {
        var jobs = hint.Jobs is { } keys ? string.Join(',', keys) : Any;
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Notify, Text($"{sender};{(hint.HasWork ? 1 : 0)};{jobs}"));
        await batch.RunAsync(cancellationToken);
    }

    public async Task ListenAsync(Action<Hint> onHint, CancellationToken cancellationToken)
    {
        if (database.HasTransactionPooling)
        {
            // Notifications need a fixed session. Without one, changes by other processes are found by polling (S10).
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
            return;
        }

        var pause = FirstPause;
        while (true)
        {
            try
            {
                await using var connection = await database.OpenListenerAsync(cancellationToken);
                connection.Notification += (_, message) =>
                {
                    if (Read(message.Payload) is { } hint) onHint(hint);
                };
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(cancellationToken);
                }

                // Hints sent before this point were missed.
                onHint(new Hint(true, null));
                pause = FirstPause;
                while (true) await connection.WaitAsync(cancellationToken);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Other work on this database logs the failure; hints can wait.
                await Task.Delay(pause, clock, cancellationToken);
                pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
            }
        }
    }

    /// <summary>
    /// Parses a message; null for this process's own, and for anything that is not a hint, because anybody may notify the channel.
    /// </summary>
    private Hint? Read(string payload)
    {
        var parts = payload.Split(';');
        if (parts.Length != 3 || parts[0] == sender || parts[1] is not ("0" or "1")) return null;
        var hasWork = parts[1] == "1";
        if (parts[2] == Any) return new Hint(hasWork, null);
        var jobs = new List<long>();
        foreach (var part in parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var job)) return null;
            jobs.Add(job);
        }

        return new Hint(hasWork, jobs);
    }
}
