using System.Collections.Concurrent;
using System.Threading.Channels;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Access;

/// <summary>
/// Stores when keys were last used, at most once a minute for each key, beside the requests: none of them waits for it, or fails with it.
/// </summary>
internal sealed partial class KeyUses(IApiKeys store, TimeProvider clock, ILogger<KeyUses> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>When each key was last noted.</summary>
    private readonly ConcurrentDictionary<string, long> noted = new();

    private readonly Channel<string> waiting =
        Channel.CreateBounded<string>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Notes that a key of the database is used now.</summary>
    public void Note(ApiKey key)
    {
        var now = clock.GetTimestamp();
        if (noted.TryGetValue(key.Prefix, out var before))
        {
            if (clock.GetElapsedTime(before, now) < Period || !noted.TryUpdate(key.Prefix, now, before)) return;
        }
        else if (!noted.TryAdd(key.Prefix, now))
        {
            return;
        }

        waiting.Writer.TryWrite(key.Prefix);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            var prefixes = new HashSet<string>();
            while (waiting.Reader.TryRead(out var prefix)) prefixes.Add(prefix);
            try
            {
                await store.TouchApiKeysAsync(prefixes, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogNotStored(exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When API keys were last used could not be stored; next try in a minute: {Reason}")]
    private partial void LogNotStored(string reason);
}
