using System.CommandLine;
using System.Globalization;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`clusters`: the unknown faces of ended jobs, grouped by person.</summary>
internal static class ClustersCommand
{
    public static Command Create(RemoteGroup group)
    {
        var jobs = new Argument<string[]>("JOBS")
        {
            Description = "The ids of the jobs, or their beginnings. The groups belong to the first.",
            Arity = ArgumentArity.OneOrMore,
        };
        var threshold = new Option<double?>("--threshold")
        {
            HelpName = "NUMBER",
            Description = "The least mean confidence between the faces of a group, 0 to 1.",
        };
        var minFaces = new Option<int?>("--min-faces") { HelpName = "COUNT", Description = "The smallest group (2)." };
        var last = new Option<bool>("--last") { Description = "Show the groups that the job has, instead of grouping again." };
        return group.Create(
            "clusters", "Group the unknown faces of ended jobs by person. 'people name-group' says who a group is.",
            async (call, cancellationToken) =>
            {
                var ids = new List<Guid>();
                foreach (var job in call.Value(jobs)!) ids.Add(await call.Client.FindJobIdAsync(job, cancellationToken));
                if (call.Value(last))
                {
                    var before = await call.Client.LastGroupingAsync(ids[0], cancellationToken);
                    if (before.State == RematchState.None)
                    {
                        await call.Error.WriteLineAsync($"The faces of {ids[0]} were never grouped. Leave out --last to group them.");
                        return ExitCodes.Failure;
                    }
                }
                else
                {
                    var begun = await call.Client.GroupFacesAsync(
                        ids[0], ids[1..], call.Value(threshold), call.Value(minFaces) ?? 2, cancellationToken);
                    if (await FollowAsync(call, begun, cancellationToken) is var code && code != ExitCodes.Success) return code;
                }

                await WriteAsync(call, ids[0], cancellationToken);
                return ExitCodes.Success;
            },
            [jobs, threshold, minFaces, last],
            "stashai clusters 0199f0a2", "stashai clusters 0199f0a2 0199f0a9 --min-faces 5 --json=group,faces,person");
    }

    private static async Task<int> FollowAsync(RemoteCall call, FaceGrouping grouping, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var now in call.Client.WatchGroupingAsync(grouping.JobId, cancellationToken))
            {
                grouping = now;
                var percent = now.Total == 0 ? 100 : 100d * now.Done / now.Total;
                var counts = string.Create(CultureInfo.InvariantCulture, $"{now.Done} of {now.Total} photos read");
                call.Progress.Show([("clusters", $"{ProgressLines.Bar(percent)} {counts}", (int)percent / 10)]);
            }
        }
        catch (OperationCanceledException)
        {
            call.Progress.Clear();
            await call.Error.WriteLineAsync($"The server goes on: 'stashai bulk {grouping.Bulk} --stop' stops it.");
            return ExitCodes.Interrupted;
        }

        call.Progress.Clear();
        if (grouping.State == RematchState.Completed)
        {
            await call.SayAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{grouping.Unknown} of {grouping.Faces} faces are of nobody in the gallery: {grouping.Groups} groups."));
            return ExitCodes.Success;
        }

        await call.Error.WriteLineAsync($"grouping {Words.Of(grouping.State)}.{(grouping.Error is { } error ? $" {error}" : "")}");
        return ExitCodes.Failure;
    }

    private static async Task WriteAsync(RemoteCall call, Guid job, CancellationToken cancellationToken)
    {
        var table = new TextTable("GROUP", "FACES", "PHOTOS", "PERSON", "EXAMPLE");
        await foreach (var group in call.Client.FaceGroupsAsync(job, cancellationToken))
        {
            if (call.Json is { } json)
            {
                await json.WriteAsync(call.Output, group);
                continue;
            }

            var example = group.Examples.Count == 0 ? null : group.Examples[0];
            table.Add(
                group.Group, group.Faces.ToString(CultureInfo.InvariantCulture), group.Photos.ToString(CultureInfo.InvariantCulture),
                group.Person?.Name, example?.ItemName ?? example?.PictureUrl);
        }

        if (table.Count > 0) await table.WriteAsync(call.Output);
    }
}
