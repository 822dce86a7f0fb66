using System.CommandLine;
using System.Globalization;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`people confirm` and `people reject`: who the faces of results are, and are not.</summary>
internal static class FaceCommands
{
    public static Command Confirm(RemoteGroup group)
    {
        var (who, faces) = (PeopleCommands.Who("PERSON"), Faces());
        return group.Create(
            "confirm", "Say that faces of results are of a person, who is added if nobody has the name.",
            async (call, cancellationToken) =>
            {
                var (name, named) = (call.Value(who)!, Read(call.Value(faces)!));
                var known = Guid.TryParse(name, out _)
                    ? await PeopleCommands.GetAsync(call, name, cancellationToken)
                    : await PeopleCommands.FindAsync(call, name, cancellationToken);
                var person = known is null
                    ? await call.Client.AddPersonByFacesAsync(name, named, cancellationToken)
                    : await call.Client.AddFacesAsync(known.Id, named, cancellationToken);
                if (call.Json is { } json) await json.WriteAsync(call.Output, person);
                else await SayAsync(call, $"{person.Name}: {Count(person.Faces, "face")}.", person.Rematch);
                return ExitCodes.Success;
            },
            [who, faces],
            "stashai people confirm Ann 0199b5b2-0a9a-7c7d-8f3e-0c0000000001/0",
            "stashai people confirm Ann 0199b5b2-0a9a-7c7d-8f3e-0c0000000001/0 --json=name,faces");
    }

    public static Command Reject(RemoteGroup group)
    {
        var (who, faces) = (PeopleCommands.Who("PERSON"), Faces());
        return group.Create(
            "reject", "Say that faces of results are not of a person. Later matches respect it.",
            async (call, cancellationToken) =>
            {
                var named = Read(call.Value(faces)!);
                var person = await PeopleCommands.GetAsync(call, call.Value(who)!, cancellationToken);
                var rejected = await call.Client.RejectFacesAsync(person.Id, named, cancellationToken);
                if (call.Json is { } json) await json.WriteAsync(call.Output, rejected);
                else await SayAsync(call, $"{person.Name}: {Count(rejected.Data.Count, "face")} rejected.", rejected.Rematch);
                return ExitCodes.Success;
            },
            [who, faces],
            "stashai people reject Ann 0199b5b2-0a9a-7c7d-8f3e-0c0000000001/0",
            "stashai people reject Ann 0199b5b2-0a9a-7c7d-8f3e-0c0000000001/0 --json");
    }

    private static Argument<string[]> Faces() => new("FACES")
    {
        Description = "Faces of results: the id of a task, a slash, and the position of the face in its result, from 0.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Reads faces of results as a person types them: <c>TASK/POSITION</c>.</summary>
    public static List<ResultFace> Read(string[] faces) =>
    [
        .. faces.Select(face => face.Split('/') is [var task, var position] && Guid.TryParse(task, out var id)
            && int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new ResultFace(id, number)
                : throw new UsageException(
                    $"'{face}' is not a face of a result; send the id of a task, a slash, and the position of the face, from 0.")),
    ];

    private static async Task SayAsync(RemoteCall call, string what, JudgedResults? judged)
    {
        await call.Output.WriteLineAsync(what);
        if (judged is { Waiting: > 0 })
            await call.SayAsync($"{Count(judged.Waiting, "result")} will be judged again when the face service answers.");
    }

    private static string Count(int number, string what) =>
        $"{number.ToString(CultureInfo.InvariantCulture)} {what}{(number == 1 ? "" : "s")}";
}
