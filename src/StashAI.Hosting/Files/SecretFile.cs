using System.Security.Cryptography;
using System.Text;
using StashAI.Streams.Files;

namespace StashAI.Hosting.Files;

/// <summary>A file with a random secret, which several processes share and only their user can read.</summary>
public static class SecretFile
{
    private const int ShortestSecret = 20;

    /// <summary>Reads the secret. The first process that needs it creates the file, with mode 0600.</summary>
    /// <param name="path">The file; its folder is created too.</param>
    /// <param name="remedy">What to do if the file contains no secret, as the end of an error message.</param>
    /// <exception cref="IOException">The file cannot be read or created, or contains no secret.</exception>
    public static string ReadOrCreate(string path, string remedy)
    {
        if (!File.Exists(path)) Create(path);
        var text = RegularFile.ReadAllText(path).Trim();
        return text.Length >= ShortestSecret ? text : throw new IOException($"{path} contains no key: {remedy}");
    }

    /// <summary>Several processes may create the file at once: it appears complete, and the first one wins.</summary>
    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        NewFile.TryPlace(draft, path);
    }
}
