using System.CommandLine;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Account;

/// <summary>`login`: keeps the server and its key for this user.</summary>
internal static class LoginCommand
{
    public static Command Create(RemoteGroup group)
    {
        var forget = new Option<bool>("--forget") { Description = "Remove what is kept." };
        return group.Create(
            "login", "Keep the address of a server and its key for the other commands.",
            (call, cancellationToken) => RunAsync(call, call.Value(forget), cancellationToken),
            [forget],
            "stashai login --server https://stash.example.org < key.txt", "stashai login --forget");
    }

    private static async Task<int> RunAsync(RemoteCall call, bool isForget, CancellationToken cancellationToken)
    {
        if (isForget)
        {
            File.Delete(call.ProfilePath);
            await call.SayAsync("Server and key are forgotten.");
            return ExitCodes.Success;
        }

        var key = call.Key ?? await ReadKeyAsync(call, cancellationToken);
        using var client = new StashAI.Client.StashClient(call.Server, new StashAI.Client.StashClientOptions { Key = key, MaxRetries = 2 });
        var health = await client.HealthAsync(cancellationToken);
        try
        {
            await client.ServicesAsync(cancellationToken);
        }
        catch (StashNotAllowedException) when (key is null)
        {
            throw new UsageException($"{call.Server} needs a key: pass it on standard input, or with --key or STASHAI_KEY.");
        }

        await new Profile(call.Server, key).WriteAsync(call.ProfilePath, cancellationToken);
        if (call.Json is { } json)
        {
            await json.WriteAsync(
                call.Output,
                new JsonObject { ["server"] = call.Server.ToString(), ["version"] = health.Version, ["has_key"] = key is not null });
        }

        var kept = key is null ? "without a key" : "with the key";
        await call.SayAsync($"{call.Server} (version {health.Version}) is kept in {call.ProfilePath}, {kept}.");
        return ExitCodes.Success;
    }

    /// <summary>The first line of standard input; null for an empty one.</summary>
    private static async Task<string?> ReadKeyAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        if (!Console.IsInputRedirected) await call.SayAsync($"The key for {call.Server} (empty for none):");
        var line = (await call.Surroundings.Input.ReadLineAsync(cancellationToken))?.Trim();
        return string.IsNullOrEmpty(line) ? null : line;
    }
}
