using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Settings;

/// <summary>Scopes as people write them.</summary>
internal static class ApiScopeWords
{
    public const string All = "read, submit or admin";

    public static string Of(ApiScope scope) => scope switch
    {
        ApiScope.Read => "read",
        ApiScope.Submit => "submit",
        _ => "admin",
    };

    /// <summary>The scope of a word, or null.</summary>
    public static ApiScope? Parse(string word) => word.ToUpperInvariant() switch
    {
        "READ" => ApiScope.Read,
        "SUBMIT" => ApiScope.Submit,
        "ADMIN" => ApiScope.Admin,
        _ => null,
    };
}
