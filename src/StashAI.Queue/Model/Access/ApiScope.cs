namespace StashAI.Queue.Model.Access;

/// <summary>What an API key allows. Each scope includes the ones before it. The numbers are stored: never renumber.</summary>
public enum ApiScope
{
    /// <summary>Read lists, results and live progress.</summary>
    Read = 1,

    /// <summary>Submit, cancel and retry work, and pause jobs.</summary>
    Submit = 2,

    /// <summary>Pause services and the queue, and everything else that is for operators.</summary>
    Admin = 3,
}
