using System.Security.Cryptography;
using System.Text;

namespace StashAI.Gateway.Wire.Secrets;

/// <summary>
/// The key under which secrets of jobs are stored: `SECRETS_KEY`, the content of the file that `SECRETS_KEY_FILE` names, or `secrets.key` in
/// the data folder, which is made when it is first needed. A database that several machines share needs one of the first two.
/// </summary>
internal sealed class SecretKey
{
    public const string Setting = "SECRETS_KEY";
    public const string FileSetting = "SECRETS_KEY_FILE";
    public const string FileName = "secrets.key";

    private const int ShortestKey = 20;

    private readonly Lazy<byte[]?> key;

    private SecretKey(Func<byte[]?> find, string place) => (key, Place) = (new Lazy<byte[]?>(find), place);

    /// <summary>Where the key is, for people.</summary>
    public string Place { get; }

    /// <summary>32 bytes; null where no key can be shared.</summary>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    public byte[]? Value => key.Value;

    /// <param name="configuration">The settings.</param>
    /// <param name="dataDirectory">Where the file goes.</param>
    /// <param name="isShared">True when the database is one that several machines may share.</param>
    /// <exception cref="InvalidOperationException">A setting is not usable; the message names it and holds nothing of the key.</exception>
    public static SecretKey From(IConfiguration configuration, string dataDirectory, bool isShared)
    {
        if (configuration[Setting] is { Length: > 0 } text)
        {
            var own = Derive(text.Trim(), Setting);
            return new SecretKey(() => own, Setting);
        }

        if (configuration[FileSetting] is { Length: > 0 } file)
        {
            var own = Derive(Read(file.Trim()), FileSetting);
            return new SecretKey(() => own, FileSetting);
        }

        var path = Path.Combine(dataDirectory, FileName);
        return isShared ? new SecretKey(() => null, $"{Setting} or {FileSetting}") : new SecretKey(() => SHA256.HashData(Encoding.UTF8.GetBytes(ReadOrCreate(path))), path);
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException($"{FileSetting} cannot be read: {exception.Message}");
        }
    }

    private static byte[] Derive(string text, string setting) => text.Length >= ShortestKey
        ? SHA256.HashData(Encoding.UTF8.GetBytes(text))
        : throw new InvalidOperationException($"{setting} is not usable: it must have at least {ShortestKey} characters; openssl rand -base64 32 makes a good one.");

    /// <summary>Processes on one data folder may come here at once: the file appears whole, and the first one stays.</summary>
    private static string ReadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            var draft = $"{path}.{Guid.NewGuid():N}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(draft, options))
            {
                stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n"));
                stream.Flush(flushToDisk: true);
            }

            try
            {
                File.Move(draft, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(draft);
            }
        }

        var text = File.ReadAllText(path).Trim();
        return text.Length >= ShortestKey ? text : throw new IOException($"{path} holds no key: restore it, or remove it to have a new one made (secrets of jobs that wait are lost then).");
    }
}
