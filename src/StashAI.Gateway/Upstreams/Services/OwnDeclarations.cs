using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;
using StashAI.Adapters.Http.Templates;
using StashAI.Gateway.Wire.Problems;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>
/// Declarations that the server wrote itself, from curl commands. They are changed and removed where they were made; files that somebody
/// put there are the operator's, and are only read.
/// </summary>
internal sealed class OwnDeclarations(ServiceSettings folders, ServiceVariables variables, ServiceCatalog catalog, ServiceReloader reloader)
{
    /// <summary>The first line of a file that the server wrote. Whoever takes it away makes the file their own.</summary>
    public const string Mark = "# Made from a curl command. StashAI Server changes and removes this file; without this line it does not.";

    private const int MaxLength = 256 * 1024;

    /// <summary>The folder that the server writes into.</summary>
    public string Folder => folders.Declarations[0];

    /// <summary>True when the server wrote the file and may change it.</summary>
    public bool IsOwn(string file, string text) =>
        Path.GetDirectoryName(file) == Folder && text.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>The file of a service that came from here; refuses all others by saying where they come from.</summary>
    public (string File, string Text) Require(string name)
    {
        if (catalog.Find(name) is not { } entry)
            throw RequestException.NotFound($"There is no declared service named {name}: GET /api/services lists the services.");
        if (entry.Adapter is not DeclaredAdapter)
            throw new RequestException(Problem.Conflict($"{name} is a plug-in ({entry.File}): change or remove it there."));
        var text = Read(entry.File);
        return IsOwn(entry.File, text)
            ? (entry.File, text)
            : throw new RequestException(Problem.Conflict(
                $"{name} is declared in {entry.File}, which this server did not make: change or remove it there."));
    }

    /// <summary>Checks another text for a declaration of the server's own, which <see cref="WriteAsync"/> then stores.</summary>
    /// <returns>The file, the text as it is stored, and what it declares.</returns>
    public (string File, string Text, ServiceDeclaration Declaration) Check(string name, string text)
    {
        var (file, before) = Require(name);
        if (text.Length > MaxLength) throw RequestException.Invalid("text", $"is longer than {MaxLength} characters.");
        if (!text.StartsWith(Mark, StringComparison.Ordinal)) text = $"{Mark}\n{text}";
        var result = DeclarationReader.Read(text, file);
        if (result.Errors is [var first, ..])
            throw RequestException.Invalid("text", $"line {first.Line}, column {first.Column}: {first.Message}");
        if (result.Declaration!.Name != name)
            throw RequestException.Invalid("text", $"must keep 'name: {name}'; import the command again for another name.");
        CheckReferences(text, before);
        return (file, text, result.Declaration);
    }

    /// <summary>Removes a declaration of the server's own; the service is gone when this returns.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var (file, _) = Require(name);
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RequestException(
                Problem.Conflict($"The declaration cannot be removed ({exception.Message}): remove {file} yourself."));
        }

        await reloader.ReloadAsync(cancellationToken);
    }

    /// <summary>Writes a declaration and loads it.</summary>
    /// <exception cref="RequestException">There is such a file and it is not to be replaced, or it cannot be written.</exception>
    public async Task WriteAsync(string name, string file, string text, bool replaces, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        var temporary = Path.Combine(Folder, $".{name}.{Guid.NewGuid():N}.tmp");
        try
        {
            await File.WriteAllTextAsync(temporary, text, cancellationToken);
            if (replaces) File.Move(temporary, file, overwrite: true);
            else if (!NewFile.TryPlace(temporary, file)) throw Taken(name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new RequestException(Problem.Conflict(
                $"The declaration cannot be written into {ServiceSettings.DeclarationsSetting} ({exception.Message}): let the server write "
                + "there, or save the declaration yourself."));
        }

        await reloader.ReloadAsync(cancellationToken);
    }

    public static RequestException Taken(string name) => new(Problem.Conflict(
        $"There is a service '{name}' already: choose another name, or replace it with ?replace=true."));

    /// <summary>
    /// Refuses what the server's environment holds for something else: a declaration sends it to its address, and whoever holds a key is
    /// not necessarily whoever set the environment.
    /// </summary>
    private void CheckReferences(string text, string before)
    {
        var own = DeclarationReferences.Of(before);
        foreach (var reference in DeclarationReferences.Of(text).Except(own))
        {
            if (EnvironmentText.IsFile(reference))
                throw RequestException.Invalid("text", "contains ${file:...}, which would read a file of the server; leave it out.");
            if (variables.Find(reference) is { Length: > 0 })
            {
                throw RequestException.Invalid(
                    "text",
                    $"uses the variable {reference}, which this server has for something else; choose another name, or declare the service "
                    + "in a file of your own.");
            }
        }
    }

    private static string Read(string file)
    {
        try
        {
            return RegularFile.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RequestException(Problem.Conflict($"{file} cannot be read ({exception.Message})."));
        }
    }
}
