using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>Reads the declarations of some folders again and again. A file that breaks leaves what it declared before.</summary>
internal sealed partial class ServiceFiles(IReadOnlyList<string> folders, Func<string, string?> environment, ILogger<ServiceFiles> logger)
{
    private readonly Dictionary<string, (Stamp Stamp, ServiceEntry? Entry)> known = [];

    /// <summary>Looks for changes; true when there are any since the last time.</summary>
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
            if (Stamp.Of(file) is not { } stamp || stamp == before.Stamp) continue;
            var entry = Load(file);
            known[file] = (stamp, entry ?? before.Entry);
            hasChanged |= entry is not null;
        }

        return hasChanged;
    }

    /// <summary>What the files declare, in the order of the folders.</summary>
    public IReadOnlyList<ServiceEntry> Entries =>
        [.. folders.SelectMany(folder => known.Where(one => Path.GetDirectoryName(one.Key) == folder).OrderBy(one => one.Key, StringComparer.Ordinal)).Select(one => one.Value.Entry).OfType<ServiceEntry>()];

    /// <summary>The declarations in a folder.</summary>
    public static IEnumerable<string> List(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".yaml" or ".yml").Order(StringComparer.Ordinal);

    private ServiceEntry? Load(string file)
    {
        try
        {
            var result = DeclarationReader.Read(File.ReadAllText(file), file);
            foreach (var error in result.Errors) LogError(file, error);
            if (result.Declaration is not { } declaration) return null;
            var (adapter, reason) = DeclaredAdapter.Create(declaration, environment);
            if (adapter is null) LogUnusable(file, reason!);
            return adapter is null ? null : ServiceEntry.Of(adapter, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogUnusable(file, error.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{File}:{Fault}")]
    private partial void LogError(string file, DeclarationError fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is not used. {Reason}")]
    private partial void LogUnusable(string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} is gone, and its service with it")]
    private partial void LogRemoved(string file);

    private readonly record struct Stamp(DateTime Written, long Length)
    {
        public static Stamp? Of(string file)
        {
            var info = new FileInfo(file);
            return info.Exists ? new Stamp(info.LastWriteTimeUtc, info.Length) : null;
        }
    }
}
