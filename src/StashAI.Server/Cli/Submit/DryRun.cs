using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Models;
using StashAI.Hosting.Settings;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Submit;

/// <summary>`submit --dry-run`: checks all items and settings against the service's schema, and submits nothing.</summary>
internal static class DryRun
{
    /// <summary>So many errors are shown; the others are counted.</summary>
    private const int MaxShown = 20;

    public static async Task<int> RunAsync(
        RemoteCall call, string target, ItemSource source, JsonObject config, CancellationToken cancellationToken)
    {
        var (item, settings) = await SchemasAsync(call, target, cancellationToken);
        var (count, errors) = (0, 0);
        if (settings is { } schema)
        {
            foreach (var error in SchemaCheck.Errors(schema, JsonSerializer.SerializeToElement(config), "config"))
                await ReportAsync("--config", error);
        }

        await foreach (var given in GivenAsync(source.Given, cancellationToken))
        {
            count++;
            foreach (var error in ErrorsOf(given, item, target).Take(MaxShown)) await ReportAsync(given.Place, error);
        }

        if (count == 0) await ReportAsync("items", "there is none.");
        if (errors > MaxShown) await call.Error.WriteLineAsync($"and {errors - MaxShown} more errors");
        var quote = errors > 0 ? null : await QuoteAsync(call, target, count, cancellationToken);
        if (call.Json is { } json)
        {
            var answer = new JsonObject { ["items"] = count, ["errors"] = errors, ["submitted"] = false };
            if (quote is { } known) answer["quote"] = JsonObject.Create(known);
            await json.WriteAsync(call.Output, answer);
        }
        var items = count == 1 ? "1 item" : $"{count} items";
        await call.SayAsync($"{items}, {(errors == 0 ? "no" : errors)} errors. Nothing was submitted.");
        if (call.Json is null && quote is { } figures) await call.SayAsync(QuoteText.Of(figures));
        return errors == 0 ? ExitCodes.Success : ExitCodes.Usage;

        Task ReportAsync(string place, string error) =>
            ++errors > MaxShown ? Task.CompletedTask : call.Error.WriteLineAsync($"{place}: {error}");
    }

    /// <summary>What the job would take; null from a server that does not say.</summary>
    private static async Task<JsonElement?> QuoteAsync(RemoteCall call, string target, int count, CancellationToken cancellationToken)
    {
        var parts = target.Split('.', 2);
        try
        {
            return await call.Client.QuoteAsync(parts[0], parts.Length > 1 ? parts[1] : null, count, cancellationToken);
        }
        catch (Exception exception) when (exception is StashOutdatedServerException or StashNotAllowedException)
        {
            return null;
        }
    }

    private static IEnumerable<string> ErrorsOf(GivenItem given, JsonElement? schema, string target)
    {
        if (given.Error is { } error) return [error];
        if (schema is not { } form) return [];
        if (given.Json is { } json) return SchemaCheck.Errors(form, json, "item");
        return SchemaCheck.TakesFiles(form)
            ? [] : [$"the items of {target} are not files; 'stashai submit --help' shows how to give texts."];
    }

    /// <summary>The items, with an unreadable rest as the last of them.</summary>
    private static async IAsyncEnumerable<GivenItem> GivenAsync(
        IAsyncEnumerable<GivenItem> items,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = items.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            GivenItem? next = null;
            string? broken = null;
            try
            {
                if (await reader.MoveNextAsync()) next = reader.Current;
            }
            catch (UsageException exception)
            {
                broken = exception.Message;
            }

            if (broken is not null)
            {
                yield return new GivenItem("items", null, broken);
                yield break;
            }

            if (next is null) yield break;
            yield return next;
        }
    }

    /// <summary>The schemas of the items and of the configuration; null where the service publishes none.</summary>
    private static async Task<(JsonElement? Item, JsonElement? Config)> SchemasAsync(
        RemoteCall call, string target, CancellationToken cancellationToken)
    {
        var parts = target.Split('.', 2);
        var services = await call.Client.ServicesAsync(cancellationToken);
        if (services.FirstOrDefault(service => service.Name == parts[0]) is not { } found)
        {
            var near = NearestName.Of(parts[0], services.Select(service => service.Name)) is { } name ? $" Did you mean '{name}'?" : "";
            throw new UsageException($"The server has no service '{parts[0]}'.{near} 'stashai services' lists them.");
        }

        Check(found, parts);
        try
        {
            var schema = await call.Client.ServiceSchemaAsync(parts[0], cancellationToken);
            var operations = schema.GetProperty("operations").EnumerateArray();
            var operation = operations.FirstOrDefault(one => parts.Length == 1 || one.GetProperty("name").GetString() == parts[1]);
            return (
                operation.ValueKind == JsonValueKind.Object ? operation.GetProperty("item_schema") : null,
                schema.TryGetProperty("config_schema", out var config) && config.ValueKind == JsonValueKind.Object ? config : null);
        }
        catch (StashNotFoundException)
        {
            return (null, null);
        }
    }

    private static void Check(Service service, string[] target)
    {
        List<string> operations = [.. (service.Operations ?? []).Select(operation => operation.Name)];
        if (target is [_, var asked] && operations.Count > 0 && !operations.Contains(asked))
        {
            var near = NearestName.Of(asked, operations) is { } name ? $" Did you mean '{name}'?" : "";
            throw new UsageException(
                $"The service '{service.Name}' has no operation '{asked}'.{near} It has {string.Join(", ", operations)}.");
        }

        if (target.Length == 1 && operations.Count > 1)
        {
            throw new UsageException(
                $"The service '{service.Name}' has several operations: give one of "
                + $"{string.Join(", ", operations.Select(operation => $"{service.Name}.{operation}"))}.");
        }
    }
}
