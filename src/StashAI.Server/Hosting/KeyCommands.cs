using System.Globalization;
using StashAI.Gateway.Settings;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Audit;
using StashAI.Queue.Store;
using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Hosting;

/// <summary><c>stashai keys</c>: changes the database; a running server notices within two seconds.</summary>
internal static class KeyCommands
{
    /// <summary>Prints only the key on standard output, for scripts; messages go to standard error.</summary>
    public static async Task<int> CreateAsync(CreateKeyOptions options, CancellationToken cancellationToken)
    {
        await using var store = await new QueueDatabase(options.QueueDatabasePath, options.DatabaseServer, options.LogLevel)
            .OpenAsync(cancellationToken);
        var key = ApiKeyText.Create();
        if (!await store.ApiKeys.AddApiKeyAsync(
            ApiKeyText.PrefixOf(key)!, ApiKeyText.HashOf(key), options.Name, options.Scope, options.ExpiresAt, cancellationToken))
        {
            throw new StartException(ApiKeyName.Taken(options.Name));
        }

        await LogAsync(store, "create", options.Name, cancellationToken);
        Console.WriteLine(key);
        await Console.Error.WriteLineAsync(
            $"This is the key {options.Name} with the scope {ApiScopeWords.Of(options.Scope)}"
            + $"{(options.ExpiresAt is { } expiry ? $", valid until {Time(expiry)}" : "")}. It is not shown again. "
            + "From now on, every request needs a key.");
        return ExitCodes.Success;
    }

    public static async Task<int> ListAsync(ListKeysOptions options, CancellationToken cancellationToken)
    {
        await using var store = await new QueueDatabase(options.QueueDatabasePath, options.DatabaseServer, options.LogLevel)
            .OpenExistingAsync(cancellationToken);
        var keys = await store.ApiKeys.ListApiKeysAsync(cancellationToken);
        if (keys.Count == 0) Console.WriteLine("There are no keys.");
        foreach (var key in keys)
        {
            Console.WriteLine(
                $"{key.Prefix}  {ApiScopeWords.Of(key.Scope),-7}  {Time(key.CreatedAt)}  {StateOf(key, TimeProvider.System),-32}  "
                + $"{(key.LastUsedAt is { } used ? $"used {Time(used)}" : "never used"),-25}  {key.Name}");
        }

        return ExitCodes.Success;
    }

    private static string StateOf(ApiKey key, TimeProvider clock) => key switch
    {
        { RevokedAt: { } at } => $"revoked {Time(at)}",
        { ExpiresAt: { } expiry } when expiry <= clock.GetUtcNow() => $"expired {Time(expiry)}",
        { ExpiresAt: { } expiry } => $"holds until {Time(expiry)}",
        _ => "holds",
    };

    public static async Task<int> RevokeAsync(RevokeKeyOptions options, CancellationToken cancellationToken)
    {
        await using var store = await new QueueDatabase(options.QueueDatabasePath, options.DatabaseServer, options.LogLevel)
            .OpenExistingAsync(cancellationToken);
        var key = Find(await store.ApiKeys.ListApiKeysAsync(cancellationToken), options.Key);
        if (!await store.ApiKeys.RevokeApiKeyAsync(key.Prefix, cancellationToken)) throw NoSuchKey(options.Key);
        await LogAsync(store, "revoke", key.Name, cancellationToken);
        Console.WriteLine($"The key {key.Name} ({key.Prefix}) is revoked.");
        var schedules = await ListSchedulesAsync(store.Schedules, key.Name, cancellationToken);
        if (schedules.Count > 0)
        {
            Console.WriteLine(
                $"These schedules run with its rights and fail from now on: {string.Join(", ", schedules)}. "
                + "'stashai schedule change NAME --take-over' lets one run with the rights of your key.");
        }

        return ExitCodes.Success;
    }

    private static async Task<List<string>> ListSchedulesAsync(
        ISchedules schedules, string owner, CancellationToken cancellationToken)
    {
        const int pageSize = 200;
        var names = new List<string>();
        for (var before = long.MaxValue; ;)
        {
            var page = await schedules.ListSchedulesAsync(before, pageSize, cancellationToken);
            names.AddRange(page.Where(schedule => schedule.Owner == owner).Select(schedule => schedule.Name));
            if (page.Count < pageSize) return names;
            before = page[^1].Key;
        }
    }

    private static Task LogAsync(IQueueStore store, string action, string name, CancellationToken cancellationToken) =>
        store.Audit.AddAuditAsync(
            new AuditEntry(AuditEntry.Local, action, "key", name, Address: null, Details: null), cancellationToken);

    private static ApiKey Find(IEnumerable<ApiKey> all, string text)
    {
        var keys = all.Where(key => key.RevokedAt is null).ToList();
        // A complete key is accepted too, for an urgent revocation.
        var prefix = ApiKeyText.PrefixOf(text) ?? text;
        return keys.Find(key => key.Prefix == prefix) ?? keys.Find(key => key.Name == text) ?? throw NoSuchKey(prefix);
    }

    private static StartException NoSuchKey(string text) => new($"There is no valid key {text}; stashai keys list shows all keys.");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
