using System.CommandLine;
using System.Globalization;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`people photos` and `people together`: which photos show a person, and who else is on them.</summary>
internal static class AlbumCommands
{
    public static Command Photos(RemoteGroup group)
    {
        var (who, job) = (PeopleCommands.Who("PERSON"), JobOption("--job", "Only photos of this job."));
        var least = new Option<double?>("--min-confidence")
        {
            HelpName = "0..1",
            Description = "Only photos with a match of at least this confidence.",
        };
        return group.Create(
            "photos", "List the photos that show a person, those with the best match first.",
            async (call, cancellationToken) =>
            {
                var id = await IdOfAsync(call, call.Value(who)!, cancellationToken);
                var table = new TextTable("CONFIDENCE", "PHOTO", "JOB", "TASK", "COMPLETED");
                await foreach (var photo in call.Client.PhotosOfPersonAsync(
                    id, await FindJobAsync(call, call.Value(job), cancellationToken), call.Value(least), cancellationToken))
                {
                    if (call.Json is { } json)
                    {
                        await json.WriteAsync(call.Output, photo);
                        continue;
                    }

                    table.Add(
                        Text(photo.Confidence), photo.ItemName, photo.JobName, $"{photo.TaskId}",
                        photo.CompletedAt is { } at ? Words.At(at) : null);
                }

                return await EndAsync(call, table, "No photos.");
            },
            [who, job, least],
            "stashai people photos Ann --min-confidence 0.8", "stashai people photos Ann --json=item_name,confidence,photo_url");
    }

    public static Command Together(RemoteGroup group)
    {
        var (who, job) = (PeopleCommands.Who("PERSON"), JobOption("--job", "Only on photos of this job."));
        return group.Create(
            "together", "List who is on photos of a person, those on most photos first.",
            async (call, cancellationToken) =>
            {
                var id = await IdOfAsync(call, call.Value(who)!, cancellationToken);
                var table = new TextTable("PHOTOS", "NAME", "PERSON");
                await foreach (var other in call.Client.PeopleTogetherAsync(
                    id, await FindJobAsync(call, call.Value(job), cancellationToken), cancellationToken))
                {
                    if (call.Json is { } json) await json.WriteAsync(call.Output, other);
                    else table.Add(Text(other.Photos), other.Name, other.Id);
                }

                return await EndAsync(call, table, "Nobody.");
            },
            [who, job],
            "stashai people together Ann", "stashai people together Ann --json=name,photos");
    }

    /// <summary>`people list --in-job`.</summary>
    public static async Task<int> ListOfJobAsync(RemoteCall call, string jobId, CancellationToken cancellationToken)
    {
        var table = new TextTable("PERSON", "NAME", "PHOTOS", "BEST");
        var job = await FindJobAsync(call, jobId, cancellationToken);
        await foreach (var person in call.Client.PeopleInJobAsync(job!.Value, cancellationToken))
        {
            if (call.Json is { } json) await json.WriteAsync(call.Output, person);
            else table.Add(person.Id, person.Name, Text(person.Photos), Text(person.BestConfidence));
        }

        return await EndAsync(call, table, "Nobody.");
    }

    public static Option<string?> JobOption(string name, string description) =>
        new(name) { HelpName = "JOB", Description = description };

    /// <summary>The id of a person. One that is given as an id need not be in the gallery.</summary>
    private static async Task<Guid> IdOfAsync(RemoteCall call, string who, CancellationToken cancellationToken) =>
        Guid.TryParse(who, out var id) ? id : (await PeopleCommands.GetAsync(call, who, cancellationToken)).Id;

    private static async Task<Guid?> FindJobAsync(RemoteCall call, string? job, CancellationToken cancellationToken) =>
        job is null ? null : await call.Client.FindJobIdAsync(job, cancellationToken);

    private static async Task<int> EndAsync(RemoteCall call, TextTable table, string nothing)
    {
        if (call.Json is not null) return ExitCodes.Success;
        if (table.Count == 0) await call.SayAsync(nothing);
        else await table.WriteAsync(call.Output);
        return ExitCodes.Success;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double confidence) => confidence.ToString("0.00", CultureInfo.InvariantCulture);
}
