using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Settings;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Wire.Secrets;

/// <summary>
/// The key under which secrets of jobs are stored: `SECRETS_KEY`, the content of the file that `SECRETS_KEY_FILE` names, or `secrets.key` in
/// the data folder, which is made when it is first needed. A database that several machines share needs one of the first two.
/// </summary>
internal sealed class SecretKey
{
    public const string FileName = "secrets.key";

    private const int ShortestKey = 20;

    private readonly Lazy<byte[]?> key;

    private SecretKey(Func<byte[]?> find, string place) => (key, Place) = (new Lazy<byte[]?>(find), place);

    /// <summary>Where the key is, for people.</summary>
    public string Place { get; }

    /// <summary>32 bytes; null where no key can be shared.</summary>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    public byte[]? Value => key.Value;

    /// <param name="reader">The settings.</param>
    /// <param name="dataDirectory">Where the file goes.</param>
    /// <param name="isShared">True when the database is one that several machines may share.</param>
    public static SecretKey Read(SettingsReader reader, string dataDirectory, bool isShared)
    {
        if (reader.Read(GatewaySettings.SecretsKey) is { } text)
        {
            var own = SHA256.HashData(Encoding.UTF8.GetBytes(text));
            return new SecretKey(() => own, reader.Find(GatewaySettings.SecretsKey)!.Source);
        }

        var path = Path.Combine(dataDirectory, FileName);
        return isShared ? new SecretKey(() => null, $"{GatewaySettings.SecretsKey.Name} or {GatewaySettings.SecretsKeyFile.Name}") : new SecretKey(() => SHA256.HashData(Encoding.UTF8.GetBytes(ReadOrCreate(path))), path);
    }

    /// <inheritdoc cref="Read"/>
    /// <exception cref="OptionsValidationException">A setting is not valid; the message names it and holds nothing of the key.</exception>
    public static SecretKey From(IConfiguration configuration, string dataDirectory, bool isShared) =>
        SettingsReader.Bind(configuration, reader => Read(reader, dataDirectory, isShared));

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

        var text = RegularFile.ReadAllText(path).Trim();
        return text.Length >= ShortestKey ? text : throw new IOException($"{path} holds no key: restore it, or remove it to have a new one made (secrets of jobs that wait are lost then).");
    }
}
