using StashAI.Queue.Model.Jobs;

namespace StashAI.Storage.Jobs;

/// <summary>The index that a query of jobs is read by: the most selective of those that it allows.</summary>
internal enum JobDriver
{
    /// <summary>All jobs, newest first.</summary>
    All,

    /// <summary>The groups of jobs by service and state.</summary>
    Groups,

    /// <summary>By the moment of the submit.</summary>
    Created,

    /// <summary>By a range of public ids.</summary>
    Ids,

    /// <summary>By a list of public ids.</summary>
    Named,

    /// <summary>By the session.</summary>
    Session,

    /// <summary>By the user.</summary>
    User,

    /// <summary>By a label: a tag or the owner.</summary>
    Label,

    /// <summary>By a group of failures.</summary>
    Fingerprint,

    /// <summary>By a kind of error.</summary>
    ErrorKind,

    /// <summary>By the number of failed tasks.</summary>
    MostFailed,

    /// <summary>By priority.</summary>
    MostUrgent,

    /// <summary>All jobs, oldest first.</summary>
    Oldest,

    /// <summary>
    /// The groups of running jobs by service, sorted by progress in memory: an index of it would change with every result.
    /// </summary>
    Furthest,

    /// <summary>By name, as <see cref="JobLabels"/> has it.</summary>
    Name,
}

/// <inheritdoc cref="JobDriver"/>
internal static class JobDrivers
{
    /// <summary>
    /// A prefix of at least so many hexadecimal digits names few jobs: ids begin with the time, and this is a minute of it.
    /// </summary>
    private const int SelectiveDigits = 8;

    public static JobDriver Of(JobQuery query) => query switch
    {
        { Order: JobOrder.MostFailed } => JobDriver.MostFailed,
        { Order: JobOrder.MostUrgent } => JobDriver.MostUrgent,
        { Order: JobOrder.Oldest } => JobDriver.Oldest,
        { Order: JobOrder.Furthest } => JobDriver.Furthest,
        { Order: JobOrder.ByName } => JobDriver.Name,
        { OnlyIds: not null } => JobDriver.Named,
        { Ids: { } ids } when Shared(ids) >= SelectiveDigits => JobDriver.Ids,
        { SessionId: not null } => JobDriver.Session,
        { UserId: not null } => JobDriver.User,
        { Fingerprint: not null } => JobDriver.Fingerprint,
        { Tag: not null } or { Owner: not null } => JobDriver.Label,
        { ErrorKind: not null } => JobDriver.ErrorKind,
        { CreatedAfter: not null } or { CreatedBefore: not null } => JobDriver.Created,
        { Service: not null } or { States.Count: > 0 } => JobDriver.Groups,
        _ => JobDriver.All,
    };

    /// <summary>The key that the first page of a query begins behind, or below.</summary>
    public static long FirstKey(JobQuery query) => Of(query) switch
    {
        JobDriver.Oldest or JobDriver.Name => 0,
        JobDriver.Created when query.CreatedBefore is not null => 0,
        _ => long.MaxValue,
    };

    private static int Shared((Guid First, Guid Last) ids) =>
        $"{ids.First:N}".Zip($"{ids.Last:N}").TakeWhile(pair => pair.First == pair.Second).Count();
}
