namespace StashAI.Queue.Services;

/// <summary>The HTTP clients and secrets that calls use.</summary>
/// <param name="ConfiguredClient">The client for services whose addresses the operator configured.</param>
/// <param name="JobClient">The client for addresses that jobs name.</param>
/// <param name="FetchClientFor">
/// Returns the client that fetches addresses named by a task's items, given the address that the task calls.
/// </param>
/// <param name="Secrets">Decrypts the secrets of jobs.</param>
public sealed record CallSetup(
    HttpClient ConfiguredClient, HttpClient JobClient, Func<Uri, HttpClient> FetchClientFor, IConfigSecrets Secrets)
{
    /// <summary>
    /// Returns what receives the answer of an attempt while it arrives, given the task's type and its job's configuration; null for nobody.
    /// It throws where the answer must not be made again, and the service is not called.
    /// </summary>
    public Func<string, ReadOnlyMemory<byte>, IAnswerReceiver?> ReceiverOf { get; init; } = static (_, _) => null;

    /// <summary>Uses one client for everything, and decrypts nothing.</summary>
    public static CallSetup With(HttpClient http) => new(http, http, _ => http, new NoSecrets());

    private sealed class NoSecrets : IConfigSecrets
    {
        public ReadOnlyMemory<byte> Decrypt(string service, ReadOnlyMemory<byte> config, IReadOnlyList<string> keys) => config;
    }
}
