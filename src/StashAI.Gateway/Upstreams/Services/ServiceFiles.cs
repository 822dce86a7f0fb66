using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;
using StashAI.Adapters.Http.Templates;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>
/// Reads the declarations in some folders repeatedly, with the secret files that they name. A file that breaks keeps its last valid
/// declaration. Changes are detected by content, because links in mounted folders may change without a new time or length.
/// </summary>
internal sealed partial class ServiceFiles(IReadOnlyList<string> folders, Func<string, string?> environment, ILogger<ServiceFiles> logger)
{
    private readonly Dictionary<string, (string Print, ServiceEntry? Entry)> known = [];

    /// <summary>Reads the files; true when they have changed since the last call.</summary>
    public bool Read()
    {
        var files = folders.Where(Directory.Exists).SelectMany(List).ToList();
        var hasChanged = false;
        foreach (var gone in known.Keys.Except(files).ToList())
        {
            hasChanged |= known.Remove(gone, out var entry) && entry.Entry is not null;
            LogRemoved(gone);
        }

        foreach (var file in files)
        {
            var before = known.GetValueOrDefault(file);
            if (ReadText(file, known.ContainsKey(file)) is not { } text || EnvironmentText.PrintOf(text) is not { } print
                || print == before.Print)
            {
                continue;
            }

            var entry = Load(file, text);
            known[file] = (print, entry ?? before.Entry);
            hasChanged |= entry is not null;
        }

        return hasChanged;
    }

    /// <summary>The declared services, in the order of the folders.</summary>
    public IReadOnlyList<ServiceEntry> Entries =>
        [.. folders.SelectMany(
            folder => known.Where(one => Path.GetDirectoryName(one.Key) == folder).OrderBy(one => one.Key, StringComparer.Ordinal))
            .Select(one => one.Value.Entry).OfType<ServiceEntry>()];

    /// <summary>The declaration files in a folder.</summary>
    public static IEnumerable<string> List(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".yaml" or ".yml" && Exists(file))
            .Order(StringComparer.Ordinal);

    /// <summary>False for a broken link, for which <see cref="File.Exists"/> returns true.</summary>
    private static bool Exists(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: true) is null or { Exists: true };
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The text of a file; null when it cannot be read, which is logged once.</summary>
    private string? ReadText(string file, bool isKnown)
    {
        try
        {
            return RegularFile.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!isKnown) LogUnusable(file, exception.Message);
            known.TryAdd(file, ("", null));
            return null;
        }
    }

    private ServiceEntry? Load(string file, string text)
    {
        var result = DeclarationReader.Read(text, file);
        foreach (var error in result.Errors) LogError(file, error);
        if (result.Declaration is not { } declaration) return null;
        var (adapter, reason) = DeclaredAdapter.Create(declaration, environment);
        if (adapter is null) LogUnusable(file, reason!);
        return adapter is null ? null : ServiceEntry.Of(adapter, file);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{File}:{Fault}")]
    private partial void LogError(string file, DeclarationError fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is not used. {Reason}")]
    private partial void LogUnusable(string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} was removed; its service is no longer available")]
    private partial void LogRemoved(string file);
}
