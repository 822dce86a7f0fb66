using StashAI.Sdk;

namespace StashAI.Queue.Services;

/// <summary>Opens the secrets of a job's configuration, which are stored encrypted.</summary>
public interface IConfigSecrets
{
    /// <summary>The configuration with its secrets in clear.</summary>
    /// <param name="service">The job's service.</param>
    /// <param name="config">The configuration as stored.</param>
    /// <param name="keys">The keys that hold secrets (<see cref="Sdk.AdapterManifest.SecretConfig"/>).</param>
    /// <exception cref="InvalidOperationException">A secret cannot be opened; the message says why and how to fix it.</exception>
    ReadOnlyMemory<byte> Decrypt(string service, ReadOnlyMemory<byte> config, IReadOnlyList<string> keys);
}
