using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Files;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Wire.Secrets;

/// <summary>
/// The key that encrypts secrets of jobs: <c>SECRETS_KEY</c>, the content of the file that <c>SECRETS_KEY_FILE</c> names, or
/// <c>secrets.key</c> in the data folder, which is created when first needed. A database that several machines share needs one of the first
/// two.
/// </summary>
internal sealed class SecretKey
{
    public const string FileName = "secrets.key";

    private const string Remedy =
        "restore it, or remove it so that a new key is created (secrets of waiting jobs are then lost).";

    private readonly Lazy<byte[]?> key;

    private SecretKey(Func<byte[]?> find, string place) => (key, Place) = (new Lazy<byte[]?>(find), place);

    /// <summary>The place of the key, for messages.</summary>
    public string Place { get; }

    /// <summary>The key, 32 bytes; null when a shared key is needed but not set.</summary>
    /// <exception cref="IOException">The file cannot be read or created.</exception>
    public byte[]? Value => key.Value;

    /// <param name="reader">The settings.</param>
    /// <param name="dataDirectory">The folder of the file.</param>
    /// <param name="isShared">True when several machines may share the database.</param>
    public static SecretKey Read(SettingsReader reader, string dataDirectory, bool isShared)
    {
        if (reader.Read(GatewaySettings.SecretsKey) is { } text)
        {
            var own = SHA256.HashData(Encoding.UTF8.GetBytes(text));
            return new SecretKey(() => own, reader.Find(GatewaySettings.SecretsKey)!.Source);
        }

        var path = Path.Combine(dataDirectory, FileName);
        return isShared
            ? new SecretKey(() => null, $"{GatewaySettings.SecretsKey.Name} or {GatewaySettings.SecretsKeyFile.Name}")
            : new SecretKey(() => SHA256.HashData(Encoding.UTF8.GetBytes(SecretFile.ReadOrCreate(path, Remedy))), path);
    }

    /// <inheritdoc cref="Read"/>
    /// <exception cref="OptionsValidationException">
    /// A setting is not valid; the message names it and contains nothing of the key.
    /// </exception>
    public static SecretKey From(IConfiguration configuration, string dataDirectory, bool isShared) =>
        SettingsReader.Bind(configuration, reader => Read(reader, dataDirectory, isShared));
}
