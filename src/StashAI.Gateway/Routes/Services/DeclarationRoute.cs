using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Services;

/// <summary><c>GET /api/services/{name}/declaration</c>: the file of a declared service as it is now, with its errors.</summary>
internal static class DeclarationRoute
{
    public static async Task ShowAsync(
        HttpContext context, ServiceCatalog catalog, ServiceSettings folders, ServiceVariables variables, OwnDeclarations own, string name)
    {
        var file = FileOf(catalog, folders, name) ?? throw new RequestException(Problem.NotFound(
            $"{name} has no declaration: it is built in, a plug-in, or unknown; GET /api/services lists the services."));
        var (text, fault) = Read(file);
        var result = DeclarationReader.Read(text, file);
        var reason = fault ?? (result.Declaration is { } declaration ? Reason(catalog, declaration, file, variables) : null);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("file", Path.GetFileName(file));
            json.WriteString("path", file);
            json.WriteBoolean("made_here", own.IsOwn(file, text));
            json.WriteString("text", text);
            json.WriteStartArray("errors");
            foreach (var error in fault is null ? result.Errors : [])
            {
                json.WriteStartObject();
                json.WriteNumber("line", error.Line);
                json.WriteNumber("column", error.Column);
                json.WriteString("message", error.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("not_used_because", reason);
            json.WriteEndObject();
        });
    }

    /// <summary>The file that a service came from, or one that has its name; null for what has none.</summary>
    private static string? FileOf(ServiceCatalog catalog, ServiceSettings folders, string name) => catalog.Find(name) is { } entry
        ? entry.Adapter is DeclaredAdapter ? entry.File : null
        : folders.Declarations.Where(Directory.Exists).SelectMany(ServiceFiles.List)
            .FirstOrDefault(file => Path.GetFileNameWithoutExtension(file) == name);

    private static (string Text, string? Fault) Read(string file)
    {
        try
        {
            return (RegularFile.ReadAllText(file), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ("", $"The file cannot be read: {exception.Message}");
        }
    }

    private static string? Reason(ServiceCatalog catalog, ServiceDeclaration declaration, string file, ServiceVariables variables) =>
        DeclaredAdapter.Create(declaration, variables.Find).Reason
        ?? (catalog.Find(declaration.Name) is { } used && used.File != file
            ? $"The service {declaration.Name} comes from {Path.GetFileName(used.File)}, which comes first."
            : null);
}
