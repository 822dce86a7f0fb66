using System.Reflection;

namespace StashAI.Adapters.Http;

/// <summary>What every outgoing request has unless the request sets it itself.</summary>
public static class CallDefaults
{
    /// <summary>The header <c>User-Agent</c>. Many servers refuse requests without one.</summary>
    public static string UserAgent { get; } =
        $"StashAI/{typeof(CallDefaults).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}";

    /// <summary>Makes a client send the defaults.</summary>
    public static HttpClient WithDefaults(this HttpClient http)
    {
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UserAgent);
        return http;
    }

    /// <summary>Gives a request the defaults that it has not set itself.</summary>
    public static void AddTo(HttpRequestMessage request)
    {
        if (!request.Headers.NonValidated.Contains("User-Agent")) request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
    }
}
