using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Services;

/// <summary>Finds declarations like the server.</summary>
internal static class ServiceFolders
{
    public static IReadOnlyList<string> All(Func<string, string?> environment) =>
        ServiceSettings.Folders(
            environment(ServiceSettings.DeclarationsSetting), "services", environment("DATA_DIR") is { Length: > 0 } data ? data : "data");

    public static string[] Files(Func<string, string?> environment) =>
        [.. All(environment).Where(Directory.Exists).SelectMany(ServiceFiles.List)];

    /// <summary>Finds a declaration by name or file.</summary>
    /// <exception cref="UsageException">The declaration does not exist or has errors.</exception>
    public static ServiceDeclaration Find(string nameOrFile, Func<string, string?> environment)
    {
        if (File.Exists(nameOrFile)) return Read(nameOrFile) ?? throw Broken(nameOrFile);
        var files = Files(environment);
        var found = files.Select(Read).FirstOrDefault(declaration => declaration?.Name == nameOrFile);
        if (found is not null) return found;
        var broken = files.FirstOrDefault(file => Path.GetFileNameWithoutExtension(file) == nameOrFile);
        throw broken is not null
            ? Broken(broken)
            : new UsageException(
                $"there is no service '{nameOrFile}' in {string.Join(" or ", All(environment))}; "
                + "'stashai service list' shows all services.");
    }

    /// <summary>The declaration in a file; null when the file cannot be read or has errors.</summary>
    public static ServiceDeclaration? Read(string file)
    {
        try
        {
            return DeclarationReader.Read(RegularFile.ReadAllText(file), file).Declaration;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static UsageException Broken(string file) =>
        new($"{file} cannot be read or has errors; 'stashai service check {file}' lists them.");
}
