namespace StashAI.Queue.Services;

/// <summary>What calls are made with.</summary>
/// <param name="ConfiguredClient">Calls the services whose addresses the operator configured.</param>
/// <param name="JobClient">Calls addresses that jobs name.</param>
/// <param name="FetchClientFor">The client for what the items of a task name, by the instance that the task calls.</param>
/// <param name="Secrets">Opens the secrets of jobs.</param>
public sealed record CallSetup(HttpClient ConfiguredClient, HttpClient JobClient, Func<Uri, HttpClient> FetchClientFor, IConfigSecrets Secrets)
{
    /// <summary>One client for everything, and no secrets.</summary>
    public static CallSetup With(HttpClient http) => new(http, http, _ => http, new NoSecrets());

    private sealed class NoSecrets : IConfigSecrets
    {
        public ReadOnlyMemory<byte> Decrypt(string service, ReadOnlyMemory<byte> config, IReadOnlyList<string> keys) => config;
    }
}
