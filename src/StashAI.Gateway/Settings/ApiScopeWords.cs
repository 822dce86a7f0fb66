using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Settings;

/// <summary>The names of scopes in settings and commands.</summary>
internal static class ApiScopeWords
{
    public const string All = "read, submit, operate or admin";

    public static string Of(ApiScope scope) => scope switch
    {
        ApiScope.Read => "read",
        ApiScope.Submit => "submit",
        ApiScope.Operate => "operate",
        _ => "admin",
    };

    /// <summary>Parses a scope's name; null for another word.</summary>
    public static ApiScope? Parse(string word) => word.ToUpperInvariant() switch
    {
        "READ" => ApiScope.Read,
        "SUBMIT" => ApiScope.Submit,
        "OPERATE" => ApiScope.Operate,
        "ADMIN" => ApiScope.Admin,
        _ => null,
    };
}
