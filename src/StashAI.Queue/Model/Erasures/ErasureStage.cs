namespace StashAI.Queue.Model.Erasures;

/// <summary>What an erasure does next. Databases store the numbers.</summary>
public enum ErasureStage
{
    /// <summary>Delete the subject in its service, so that nothing new names it.</summary>
    Subject = 0,

    /// <summary>Go through the jobs.</summary>
    Jobs = 1,

    /// <summary>Wait for the calls that had begun, and go through their jobs again.</summary>
    OpenJobs = 2,

    /// <summary>Go through everything that belongs to no job. From here on, results may be judged again.</summary>
    Records = 3,

    /// <summary>Overwrite what the database has freed.</summary>
    Scrub = 4,

    /// <summary>It is over.</summary>
    Completed = 5,
}
