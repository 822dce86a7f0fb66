using StashAI.Server.Exits;
using StashAI.Server.Options;
using StashAI.Server.Processes;
using StashAI.Visage.Models;

namespace StashAI.Server.Demo;

/// <summary>Demonstrates the product's main use with its real parts: enrolling people, a batch, live progress, a table, a report.</summary>
internal sealed class DemoCommand(DemoTerminal terminal, OwnProgram program, TimeProvider time)
{
    /// <summary>The confidence for a cosine of 0.45, above which two faces count as the same person.</summary>
    private const double Threshold = 0.65;

    /// <summary>Where <c>serve</c> has it unless it is told otherwise.</summary>
    private const string Dashboard = "http://127.0.0.1:9998/dashboard";

    /// <returns>0 when every task completed and, with the samples, a person known from one photo was found in another; else 1.</returns>
    /// <exception cref="StartException">A step failed; the message says which and why.</exception>
    public async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        terminal.Title("StashAI Server: from a folder of photos to a face-identification batch");
        using var folder = DemoFolder.Create(options.DataDirectory);
        var input = await PrepareAsync(options, folder, cancellationToken);
        await using var server = await terminal.StepAsync(
            "starting the server, its workers and the face service",
            () => DemoServer.StartAsync(
                program, folder.Run, options.ModelsDirectory, options.Workers, folder.ServerLogPath, time, cancellationToken));
        terminal.Done($"server at {Plain(server.Gateway)}, face service at {Plain(server.Visage)}");

        // The server is on this machine, so no proxy is used; a large batch may take long.
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var outcome = await server.GuardAsync(guarded => RunBatchAsync(input, server, http, guarded), cancellationToken);

        terminal.Table(outcome);
        await HtmlReport.WriteFileAsync(folder.ReportPath, outcome, cancellationToken);
        var code = ExitCodeOf(options, outcome);
        terminal.Done($"report: {new Uri(folder.ReportPath).AbsoluteUri}");
        if (options.Keep)
        {
            await KeepAsync(options, server, outcome, cancellationToken);
        }
        else
        {
            terminal.Say("with --keep the server goes on, and its dashboard shows the job");
            terminal.Say($"`stashai serve` has a dashboard of its own, at {Dashboard}");
        }
        return code;
    }

    private async Task<DemoInput> PrepareAsync(DemoOptions options, DemoFolder folder, CancellationToken cancellationToken)
    {
        var progress = new TerminalProgress(terminal);
        try
        {
            await ModelStore.EnsureAsync(options.ModelsDirectory, progress, cancellationToken);
            if (options is { PhotosDirectory: { } photos, PeopleDirectory: { } people })
            {
                terminal.Done("face models are present and verified");
                var own = OwnPhotos.Read(photos, people);
                foreach (var skipped in own.Skipped)
                {
                    terminal.Warn($"left out {skipped.Name}: {skipped.Reason}");
                }
                return own;
            }
            var samples = Path.Combine(folder.Home, "photos");
            await SamplePhotos.EnsureAsync(samples, progress, cancellationToken);
            terminal.Done("face models and sample photos are present and verified");
            return DemoSamples.Read(samples, SamplePhotos.FileNames);
        }
        catch (ModelsUnavailableException exception)
        {
            throw new StartException(exception.Message, exception);
        }
    }

    private async Task<DemoOutcome> RunBatchAsync(
        DemoInput input,
        DemoServer server,
        HttpClient http,
        CancellationToken cancellationToken)
    {
        var skipped = new List<SkippedPhoto>(input.Skipped);
        var people = await EnrolAsync(input, new GalleryClient(http, server.Gateway), skipped, cancellationToken);

        var gateway = new GatewayClient(http, server.Gateway);
        var at = time.GetLocalNow();
        var started = time.GetTimestamp();
        var name = $"Demo: {HtmlReport.Count(input.Photos.Count, "photo")}";
        var job = await terminal.StepAsync(
            $"submitting {HtmlReport.Count(input.Photos.Count, "photo")} as one batch",
            () => gateway.SubmitAsync(
                input.Photos,
                new JobRequest(new Uri(server.Visage, "/api/predict_1").AbsoluteUri, new JobRequestConfig(Threshold, name)),
                cancellationToken));
        terminal.Done($"batch of {HtmlReport.Count(job.TotalTasks, "photo")} queued as job {job.JobId}");

        var watch = new JobWatch(server.Gateway, time);
        await terminal.ProgressAsync(job.TotalTasks, report => watch.FollowAsync(job.JobId, report, cancellationToken));
        var took = time.GetElapsedTime(started);
        var results = await gateway.ReadResultsAsync(job.JobId, input.Photos, cancellationToken);
        return new DemoOutcome(job.JobId, people, results, skipped, took, at, Threshold);
    }

    private async Task<IReadOnlyList<EnrolledPerson>> EnrolAsync(
        DemoInput input,
        GalleryClient gallery,
        List<SkippedPhoto> skipped,
        CancellationToken cancellationToken)
    {
        var people = new List<EnrolledPerson>();
        foreach (var person in input.People)
        {
            var before = skipped.Count;
            var enrolled = await terminal.StepAsync(
                $"enrolling {person.Name}", () => gallery.EnrolAsync(person, skipped, cancellationToken));
            foreach (var photo in skipped.Skip(before))
            {
                terminal.Warn($"left out {photo.Name}: {photo.Reason}");
            }
            if (enrolled is not null)
            {
                people.Add(enrolled);
            }
            else
            {
                terminal.Warn($"{person.Name} could not be enrolled: none of their photos can be used");
            }
        }
        if (people.Count == 0)
        {
            throw new StartException("nobody could be enrolled, so there is nobody to find.");
        }
        terminal.Done($"enrolled {string.Join(", ", people.Select(person => person.Name))}");
        return people;
    }

    private int ExitCodeOf(DemoOptions options, DemoOutcome outcome)
    {
        if (outcome.Failed > 0)
        {
            terminal.Warn($"{outcome.Failed} of {HtmlReport.Count(outcome.Results.Count, "task")} did not complete");
            return ExitCodes.Failure;
        }
        if (options.PhotosDirectory is null && !outcome.PeopleFound.Contains(DemoSamples.SeenTwice))
        {
            terminal.Warn($"{DemoSamples.SeenTwice} is in another sample photo, but was not found there");
            return ExitCodes.Failure;
        }
        terminal.Done(outcome.PeopleFound.Count == 0
            ? $"{HtmlReport.Count(outcome.Faces, "face")}, none of an enrolled person"
            : $"{HtmlReport.Count(outcome.Faces, "face")}, found again: {string.Join(", ", outcome.PeopleFound)}");
        return ExitCodes.Success;
    }

    private async Task KeepAsync(DemoOptions options, DemoServer server, DemoOutcome outcome, CancellationToken cancellationToken)
    {
        var page = new Uri(server.Gateway, $"/dashboard/jobs/{outcome.JobId}");
        terminal.Done($"the server keeps running at {Plain(server.Gateway)} until Ctrl-C; the job is {page}");
        if (options.OpenPage?.Invoke(page) is true)
        {
            terminal.Say("opened it in the browser");
        }
        try
        {
            await server.GuardAsync<int>(
                async guarded =>
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, time, guarded);
                    return 0;
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Say("stopping");
        }
    }

    private static string Plain(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
