using System.Collections.Concurrent;

namespace StashAI.Testing.ScriptedServices;

/// <summary>Everything that the scripted service was asked and what it answered, with signals to wait for. Safe from all threads.</summary>
public sealed class Ledger
{
    private readonly ConcurrentQueue<LedgerEntry> entries = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<LedgerEntry>> items = new(StringComparer.Ordinal);
    private readonly TimeProvider time;
    private readonly Signals signals;
    private long number;
    private long arrived;
    private long maxInFlight;
    private long received;
    private long answering;
    private long ended;
    private long disconnected;

    internal Ledger(TimeProvider time, TimeSpan patience)
    {
        this.time = time;
        signals = new Signals(patience, Describe);
    }

    /// <summary>All calls, in order of arrival.</summary>
    public IReadOnlyList<LedgerEntry> Calls => [.. entries.OrderBy(entry => entry.Number)];

    /// <summary>How many calls arrived.</summary>
    public long Count => Interlocked.Read(ref number);

    /// <summary>How many calls are over.</summary>
    public long EndedCount => Interlocked.Read(ref ended);

    /// <summary>Calls that wait for their answer now.</summary>
    public long InFlight => Interlocked.Read(ref answering);

    /// <summary>The most calls that were ever open at one time, each from its headers to just before its last byte.</summary>
    public long MaxInFlight => Interlocked.Read(ref maxInFlight);

    /// <summary>How many callers went away before their answer.</summary>
    public long DisconnectCount => Interlocked.Read(ref disconnected);

    /// <summary>The items that were called about, in no order.</summary>
    public IReadOnlyCollection<string> Items => [.. items.Keys];

    /// <summary>The calls about one item, in order of arrival; none if it was never called about.</summary>
    public IReadOnlyList<LedgerEntry> CallsOf(string item) =>
        items.TryGetValue(item, out var calls) ? [.. calls] : [];

    /// <summary>Returns when at least <paramref name="count"/> calls, read to their end, wait for their answers at one time.</summary>
    /// <exception cref="TimeoutException">It did not come to that; the message says what was seen.</exception>
    public Task WaitForCallsInFlightAsync(int count, CancellationToken cancellationToken) =>
        signals.WaitAsync(() => InFlight >= count, $"{count} calls in flight", cancellationToken);

    /// <summary>Returns when no call is open.</summary>
    /// <exception cref="TimeoutException">It did not come to that; the message says what was seen.</exception>
    public Task WaitForNoCallsInFlightAsync(CancellationToken cancellationToken) =>
        signals.WaitAsync(() => Interlocked.Read(ref arrived) == 0, "no call in flight", cancellationToken);

    /// <summary>Returns when <paramref name="count"/> calls have come in since the start, read to their end.</summary>
    /// <exception cref="TimeoutException">It did not come to that; the message says what was seen.</exception>
    public Task WaitForCallsAsync(int count, CancellationToken cancellationToken) =>
        signals.WaitAsync(() => Interlocked.Read(ref received) >= count, $"{count} calls", cancellationToken);

    /// <summary>Returns when <paramref name="count"/> calls are over, whatever their end.</summary>
    /// <exception cref="TimeoutException">It did not come to that; the message says what was seen.</exception>
    public Task WaitForEndedAsync(int count, CancellationToken cancellationToken) =>
        signals.WaitAsync(() => EndedCount >= count, $"{count} calls to end", cancellationToken);

    /// <summary>Returns when <paramref name="count"/> callers have gone away before their answers.</summary>
    /// <exception cref="TimeoutException">It did not come to that; the message says what was seen.</exception>
    public Task WaitForDisconnectAsync(CancellationToken cancellationToken, int count = 1) =>
        signals.WaitAsync(() => DisconnectCount >= count, $"{count} disconnects", cancellationToken);

    internal LedgerEntry Arrive()
    {
        var entry = new LedgerEntry(Interlocked.Increment(ref number), time.GetUtcNow());
        entries.Enqueue(entry);
        var open = Interlocked.Increment(ref arrived);
        long max;
        while (open > (max = MaxInFlight) && Interlocked.CompareExchange(ref maxInFlight, open, max) != max)
        {
        }

        return entry;
    }

    internal void Receive(LedgerEntry entry, ScriptedCall call, bool keep)
    {
        var calls = items.GetOrAdd(call.Item, static _ => new ConcurrentQueue<LedgerEntry>());
        lock (calls)
        {
            call.Try = calls.Count + 1;
            entry.Item = call.Item;
            entry.Try = call.Try;
            entry.BodyLength = call.BodyLength;
            entry.Call = keep ? call : null;
            calls.Enqueue(entry);
        }

        Interlocked.Increment(ref received);
        Interlocked.Increment(ref answering);
        signals.Pulse();
    }

    internal void Answer(LedgerEntry entry, string answer, int? statusCode)
    {
        entry.StatusCode = statusCode;
        Close(entry, answer);
    }

    internal void Disconnect(LedgerEntry entry, string answer)
    {
        entry.Disconnected = true;
        Interlocked.Increment(ref disconnected);
        Close(entry, answer);
    }

    private void Close(LedgerEntry entry, string answer)
    {
        entry.Answer = answer;
        entry.EndedAt = time.GetUtcNow();
        if (entry.Try > 0)
        {
            Interlocked.Decrement(ref answering);
        }

        Interlocked.Decrement(ref arrived);
        Interlocked.Increment(ref ended);
        signals.Pulse();
    }

    private string Describe() =>
        $"{Count} calls arrived, {Interlocked.Read(ref received)} were read, {InFlight} wait for their answer, "
        + $"{EndedCount} are over, {DisconnectCount} callers went away";
}
