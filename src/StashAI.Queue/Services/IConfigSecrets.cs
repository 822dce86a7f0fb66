using StashAI.Sdk;

namespace StashAI.Queue.Services;

/// <summary>Decrypts the secrets of a job's configuration.</summary>
public interface IConfigSecrets
{
    /// <summary>Returns the configuration with its secrets decrypted.</summary>
    /// <param name="service">The job's service.</param>
    /// <param name="config">The configuration as stored.</param>
    /// <param name="keys">The keys that hold secrets (<see cref="Sdk.AdapterManifest.SecretConfig"/>).</param>
    /// <exception cref="InvalidOperationException">A secret cannot be decrypted; the message says why and how to fix it.</exception>
    ReadOnlyMemory<byte> Decrypt(string service, ReadOnlyMemory<byte> config, IReadOnlyList<string> keys);
}
