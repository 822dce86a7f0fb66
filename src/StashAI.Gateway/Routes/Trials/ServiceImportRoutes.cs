using System.Text.Json;
using System.Text.RegularExpressions;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Services;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Upstreams.Import;
using StashAI.Gateway.Upstreams.Import.Shell;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Upstreams.Trials;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Trials;

/// <summary>
/// <c>POST /api/services/import</c>: a curl command as a declaration. It is shown; <c>?save=true</c> writes it into the folder of services.
/// The server reads none of its files and none of its variables for a command.
/// </summary>
internal sealed partial class ServiceImportRoutes(
    BodyReader bodies, ServiceVariables variables, OwnDeclarations declarations, ServiceCatalog catalog,
    ServiceUsers users, OutboundHttpClientFactory clients, OutboundPolicy policy, AuditLog audit, TimeProvider clock)
{
    private const int MaxCommand = 256 * 1024;

    /// <summary>The value that stands for every shell variable of a command, because the server's own must not be used.</summary>
    private const string AnyValue = "value";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(
        "/api/services/import", (HttpContext context, ServiceImportRoutes own) => own.ImportAsync(context))
        .Describe(TrialDocs.Import).Needs(ApiScope.Operate);

    private async Task ImportAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var (saves, replaces) = (query.Flag(TrialDocs.Save, false), query.Flag(TrialDocs.Replace, false));
        var calls = query.Flag(TrialDocs.Call, false);
        if (saves) RequireAdmin(context);
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("curl", "Send the command in curl.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown("curl", "name", "item", "result");
        var result = ResultOf(fields.Text("result"), calls);
        var command = fields.Text("curl") ?? throw RequestException.Missing("curl", "Send the command in curl.");
        if (command.Length > MaxCommand) throw RequestException.Invalid("curl", $"is longer than {MaxCommand} characters.");
        var (draft, declaration) = await DraftAsync(command, fields.Text("name"), fields.Text("item"), context.RequestAborted);
        var yaml = draft.Write(null);
        if (FileReference().IsMatch(yaml))
            throw RequestException.Invalid("curl", "contains ${file:...}, which would read a file of the server; leave it out.");
        var report = calls ? await CallAsync(declaration, draft, MaySave(context), context.RequestAborted) : null;
        if (report is not null) (report, result) = ResultGuess.Apply(report);
        yaml = draft.Write(result);

        var reason = (string?)null;
        if (saves)
        {
            reason = await SaveAsync(declaration, $"{OwnDeclarations.Mark}\n{yaml}", replaces, context.RequestAborted);
            await audit.WriteAsync(context, "import", "service", declaration.Name);
        }

        await WriteAsync(context, draft, yaml, result, saves, reason, report);
    }

    /// <summary>The result that a trial of this command found before, so that it is saved as it was shown.</summary>
    private static string? ResultOf(string? result, bool calls)
    {
        if (result is null) return null;
        if (calls) throw RequestException.Invalid("result", "is found by the call: leave out one of result and call=true.");
        return ResultGuess.IsKnown(result)
            ? result
            : throw RequestException.Invalid(
                "result", "must be as the answer with call=true gave it; for another one save the declaration yourself.");
    }

    private async Task<(CurlDraft Draft, ServiceDeclaration Declaration)> DraftAsync(
        string command, string? name, string? item, CancellationToken cancellationToken)
    {
        // Other variables are those of the declaration, which has defaults.
        string? AnyVariable(string variable) => command.Contains(variable, StringComparison.Ordinal) ? AnyValue : null;
        try
        {
            return await new CurlImport(AnyVariable, clock).DraftAsync(
                CurlRequest.Parse(command, AnyVariable, mayReadFiles: false), name, item, cancellationToken);
        }
        catch (ImportException exception)
        {
            throw RequestException.Invalid(exception.Field, exception.Message);
        }
    }

    /// <summary>
    /// Makes the call of the command: of who may save the service, as its jobs would be; of others, as a job may that names this address.
    /// </summary>
    private async Task<TrialReport> CallAsync(
        ServiceDeclaration declaration, CurlDraft draft, bool maySave, CancellationToken cancellationToken)
    {
        if (draft.Variables.Count > 0)
        {
            throw RequestException.Invalid(
                "call", $"cannot be true for a command with shell variables (${draft.Variables.First()}); write their values.");
        }

        var (adapter, reason) = DeclaredAdapter.Create(declaration, draft.Secrets.GetValueOrDefault);
        if (adapter is null) throw RequestException.Invalid("curl", reason!);
        var purpose = maySave ? OutboundPurpose.Trial : OutboundPurpose.Named;
        await policy.CheckAsync(adapter.Address, "curl", cancellationToken, purpose);
        using var fetch = clients.CreateFetch(adapter.Address);
        var trial = new TrialCall(clock) { MaxShown = TrialJson.MaxShown, Hidden = [.. draft.Secrets.Values], Fetch = fetch };
        return await trial.RunAsync(
            adapter, declaration.Operations[0].Operation.TaskType, adapter.Address, isConfigured: true,
            ImportComparison.NoConfig(declaration), draft.Example,
            maySave ? clients.TrialOf(adapter.Address) : clients.HandlerFor(OutboundPurpose.Named), cancellationToken);
    }

    /// <summary>Writes the declaration and loads it; returns why it is not used, or null.</summary>
    private async Task<string?> SaveAsync(ServiceDeclaration declaration, string yaml, bool replaces, CancellationToken cancellationToken)
    {
        var name = declaration.Name;
        var known = catalog.Find(name);
        if (catalog.IsBuiltIn(name))
            throw RequestException.Invalid("name", $"'{name}' is built in; choose another.");
        // The form of a name keeps it inside the folder.
        var folder = declarations.Folder;
        var file = known is not null && Path.GetDirectoryName(known.File) == folder ? known.File : Path.Combine(folder, name + ".yaml");
        if (!replaces && (known is not null || File.Exists(file))) throw OwnDeclarations.Taken(name);

        if (known is not null && known.Adapter is not DeclaredAdapter)
            throw RequestException.Invalid("name", $"'{name}' is a plug-in, which no declaration replaces; choose another.");
        CheckVariables(yaml);
        if (known is not null) await users.RefuseLossAsync(known, declaration, cancellationToken);
        await declarations.WriteAsync(name, file, yaml, replaces, cancellationToken);
        return DeclaredAdapter.Create(declaration, variables.Find).Reason;
    }

    /// <summary>
    /// Refuses variables that are set for something else: a declaration sends them to its address, and whoever holds a key is not
    /// necessarily whoever set the server's environment.
    /// </summary>
    private void CheckVariables(string yaml)
    {
        var used = catalog.Current.Declared.Values.Select(entry => entry.Adapter).OfType<DeclaredAdapter>()
            .SelectMany(adapter => ReferencesOf(File.Exists(FileOf(adapter)) ? RegularFile.ReadAllText(FileOf(adapter)) : ""))
            .ToHashSet(StringComparer.Ordinal);
        var taken = ReferencesOf(yaml).Where(name => !name.EndsWith("_API_URL", StringComparison.Ordinal)).FirstOrDefault(
            name => !used.Contains(name) && variables.Find(name) is { Length: > 0 });
        if (taken is null) return;
        throw RequestException.Invalid(
            "curl",
            $"leads to a declaration with the variable {taken}, which this server has for something else; choose another name, or save the "
            + "declaration yourself.");

        string FileOf(DeclaredAdapter adapter) => catalog.Find(adapter.Declaration.Name)?.File ?? "";
    }

    private static IEnumerable<string> ReferencesOf(string yaml) =>
        Reference().Matches(yaml).Select(match => match.Groups["name"].Value is { Length: > 0 } name ? name : match.Groups["env"].Value);

    private static async Task WriteAsync(
        HttpContext context, CurlDraft draft, string yaml, string? result, bool isSaved, string? reason, TrialReport? report) =>
        await WireJson.WriteAsync(context, isSaved ? StatusCodes.Status201Created : StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", draft.Name);
            json.WriteString("item_field", draft.ItemField);
            json.WriteString("declaration", yaml);
            json.WriteString("result", result);
            json.WriteStartArray("variables");
            foreach (var variable in draft.Secrets.Keys.Concat(draft.Variables).Distinct().Order(StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("name", variable);
                json.WriteBoolean("secret", draft.Secrets.ContainsKey(variable));
                json.WriteBoolean("basic", draft.Secrets.ContainsKey(variable) && draft.IsBasic(variable));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteBoolean("saved", isSaved);
            json.WriteString("not_used_because", reason);
            if (report is null)
            {
                json.WriteNull("trial");
            }
            else
            {
                json.WriteStartObject("trial");
                TrialJson.WriteFields(json, report);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });

    private static bool MaySave(HttpContext context) =>
        CallerIdentity.Of(context.User) is { } caller && caller.Scope.Includes(ApiScope.Admin);

    private static void RequireAdmin(HttpContext context)
    {
        if (MaySave(context)) return;
        throw new RequestException(ApiKeyHandler.InsufficientScope(ApiScopeWords.Of(ApiScope.Admin), null) with
        {
            Detail = "Saving a declaration needs an API key of the scope admin; without ?save=true, operate is enough to see it.",
        });
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)|env: (?<env>[A-Za-z_][A-Za-z0-9_]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex(@"(?<!\$)\$\{file:", RegexOptions.CultureInvariant)]
    private static partial Regex FileReference();
}
