using System.CommandLine;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Models;
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
        var me = await AskAsync(call, client, key, cancellationToken);

        await new Profile(call.Server, key).WriteAsync(call.ProfilePath, cancellationToken);
        if (call.Json is { } json)
        {
            await json.WriteAsync(
                call.Output,
                new JsonObject
                {
                    ["server"] = call.Server.ToString(),
                    ["version"] = me.Version,
                    ["has_key"] = key is not null,
                    ["name"] = me.Name.Length == 0 ? null : me.Name,
                    ["role"] = me.Role == ApiRole.Unknown ? null : Words.Of(me.Role),
                });
        }

        var kept = key is null ? "without a key" : "with the key";
        var caller = me.Role == ApiRole.Unknown ? "" : $" You are there: {MeCommand.Describe(me)}.";
        await call.SayAsync($"{call.Server} (version {me.Version}) is kept in {call.ProfilePath}, {kept}.{caller}");
        return ExitCodes.Success;
    }

    /// <summary>Checks the key. A server without <c>/api/me</c> does not say more than that the key is accepted.</summary>
    private static async Task<Caller> AskAsync(
        RemoteCall call, StashAI.Client.StashClient client, string? key, CancellationToken cancellationToken)
    {
        try
        {
            return await client.MeAsync(cancellationToken);
        }
        catch (StashOutdatedServerException)
        {
            await client.ServicesAsync(cancellationToken);
            return new Caller { Version = (await client.HealthAsync(cancellationToken)).Version };
        }
        catch (StashNotAllowedException exception) when (key is null)
        {
            throw new StashNotAllowedException(
                $"{call.Server} needs a key: pass it on standard input, or with --key or STASHAI_KEY.", exception);
        }
    }

    /// <summary>The first line of standard input; null for an empty one.</summary>
    private static async Task<string?> ReadKeyAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        if (!Console.IsInputRedirected) await call.SayAsync($"The key for {call.Server} (empty for none):");
        var line = (await call.Surroundings.Input.ReadLineAsync(cancellationToken))?.Trim();
        return string.IsNullOrEmpty(line) ? null : line;
    }
}
