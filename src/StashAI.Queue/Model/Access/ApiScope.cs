namespace StashAI.Queue.Model.Access;

/// <summary>What an API key allows. The numbers are stored: never renumber. <see cref="ApiScopes"/> has their order.</summary>
public enum ApiScope
{
    /// <summary>Read lists, results and live progress.</summary>
    Read = 1,

    /// <summary>Submit work, and cancel, retry, pause and change one's own jobs.</summary>
    Submit = 2,

    /// <summary>Create and revoke keys, and everything else.</summary>
    Admin = 3,

    /// <summary>Act on all jobs, pause services and the queue, and set limits.</summary>
    Operate = 4,
}

/// <summary>The order of scopes: each includes the ones before it.</summary>
public static class ApiScopes
{
    /// <summary>All scopes, the one that allows least first.</summary>
    public static IReadOnlyList<ApiScope> InOrder { get; } = [ApiScope.Read, ApiScope.Submit, ApiScope.Operate, ApiScope.Admin];

    /// <summary>True when a caller with this scope may do what another one allows.</summary>
    public static bool Includes(this ApiScope scope, ApiScope needed) => RankOf(scope) >= RankOf(needed);

    private static int RankOf(ApiScope scope)
    {
        for (var rank = 0; rank < InOrder.Count; rank++)
        {
            if (InOrder[rank] == scope) return rank;
        }

        // A scope of a newer version allows nothing here.
        return -1;
    }
}
