using System.Text.Json;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Remote;

/// <summary>The server and the key that `stashai login` keeps for this user, in a file that only the user can read.</summary>
/// <param name="Server">The address of the server.</param>
/// <param name="Key">The key; null for a server without keys.</param>
internal sealed record Profile(Uri Server, string? Key)
{
    /// <summary>The file in the user's configuration folder.</summary>
    public static string PathIn(string? folder) => Path.Combine(
        folder ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "stashai"),
        "profile.json");

    /// <summary>Reads the file; null when there is none.</summary>
    /// <exception cref="UsageException">The file is not one that `stashai login` writes.</exception>
    public static Profile? Read(string path)
    {
        try
        {
            if (!File.Exists(path)) return null;
            return JsonSerializer.Deserialize<Profile>(RegularFile.ReadAllBytes(path), JsonSerializerOptions.Web);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {exception.Message} 'stashai login' writes it again.");
        }
    }

    /// <summary>Writes the file with mode 600, whole or not at all.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var next = $"{path}.{Environment.ProcessId}";
        await using (var file = new FileStream(next, options))
        {
            await JsonSerializer.SerializeAsync(file, this, JsonSerializerOptions.Web, cancellationToken);
        }

        File.Move(next, path, overwrite: true);
    }
}
