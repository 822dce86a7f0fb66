namespace StashAI.Client.Models;

/// <summary>What a caller may do. Each role includes the ones before it.</summary>
public enum ApiRole
{
    /// <summary>A role of a newer server.</summary>
    Unknown,

    /// <summary>Read jobs, results and live progress.</summary>
    Read,

    /// <summary>Submit work, and change one's own jobs.</summary>
    Submit,

    /// <summary>Act on all jobs, pause services and the queue, and set limits.</summary>
    Operate,

    /// <summary>Create and revoke API keys, and everything else.</summary>
    Admin,
}
