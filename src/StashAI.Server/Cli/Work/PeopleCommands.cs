using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Work;

/// <summary>`people`: whom the face service knows.</summary>
internal static class PeopleCommands
{
    private static readonly EnumerationOptions NoLinks = new()
    {
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    public static Command Create(RemoteGroup group)
    {
        var people = new Command(
            "people",
            "List, add, rename, merge, delete, export or import people whom the face service knows; find their photos; say who faces are.");
        people.Subcommands.Add(List(group));
        people.Subcommands.Add(Add(group));
        people.Subcommands.Add(NameGroup(group));
        people.Subcommands.Add(AlbumCommands.Photos(group));
        people.Subcommands.Add(AlbumCommands.Together(group));
        people.Subcommands.Add(Rename(group));
        people.Subcommands.Add(Merge(group));
        people.Subcommands.Add(PeopleDeleteCommand.Create(group, Who("PERSON")));
        people.Subcommands.Add(FaceCommands.Confirm(group));
        people.Subcommands.Add(FaceCommands.Reject(group));
        people.Subcommands.Add(Export(group));
        people.Subcommands.Add(Import(group));
        return people;
    }

    private static Command List(RemoteGroup group)
    {
        var name = new Option<string?>("--name") { HelpName = "TEXT", Description = "Only people whose name contains this." };
        var job = AlbumCommands.JobOption("--in-job", "Only people whom results of this job show, those on most photos first.");
        var sort = new Option<string?>("--sort")
        {
            HelpName = "ORDER",
            Description = "added (the default), name or faces; with - before it for the reverse.",
        };
        return group.Create(
            "list", "List the people.",
            async (call, cancellationToken) =>
            {
                if (call.Value(job) is { } inJob)
                {
                    if (call.Value(name) is not null || call.Value(sort) is not null)
                        throw new UsageException("--in-job takes neither --name nor --sort; leave them out.");
                    return await AlbumCommands.ListOfJobAsync(call, inJob, cancellationToken);
                }

                var table = new TextTable("PERSON", "NAME", "COUNTRY", "FACES", "ADDED");
                await foreach (var person in call.Client.PeopleAsync(call.Value(name), call.Value(sort), cancellationToken))
                {
                    if (call.Json is { } json) await json.WriteAsync(call.Output, person);
                    else table.Add($"{person.Id}", person.Name, person.Country, Text(person.Faces), Words.At(person.CreatedAt));
                }

                if (call.Json is not null) return ExitCodes.Success;
                if (table.Count == 0) await call.SayAsync("Nobody.");
                else await table.WriteAsync(call.Output);
                return ExitCodes.Success;
            },
            [name, sort, job],
            "stashai people list --name ann", "stashai people list --sort=-faces --json=name,faces");
    }

    private static Command Add(RemoteGroup group)
    {
        var folder = new Argument<string>("FOLDER")
        {
            Description = "A folder of this machine with a folder for each person, named like the person, with photos in it.",
        };
        return group.Create(
            "add", "Add people from a folder. It can be repeated: nothing is added twice.",
            async (call, cancellationToken) =>
            {
                var (path, isComplete) = (call.Value(folder)!, true);
                var people = Directory.Exists(path) ? Directory.GetDirectories(path, "*", NoLinks) : [];
                if (people.Length == 0)
                {
                    throw new UsageException(
                        $"{path} does not exist or contains no folders; create one for each person, named like the person.");
                }

                foreach (var one in people.Order(StringComparer.Ordinal))
                    isComplete &= await AddPersonAsync(call, one, cancellationToken);
                return isComplete ? ExitCodes.Success : ExitCodes.Failure;
            },
            [folder],
            "stashai people add photos/people", "stashai people add photos/people --json=name,faces");
    }

    /// <summary>Adds the photos of one person one by one, so that a bad photo does not affect good ones.</summary>
    private static async Task<bool> AddPersonAsync(RemoteCall call, string folder, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(folder);
        var person = await FindAsync(call, name, cancellationToken);
        var isComplete = true;
        foreach (var file in Directory.EnumerateFiles(folder, "*", NoLinks).Where(PhotoFiles.Holds).Order(StringComparer.Ordinal))
        {
            try
            {
                var photo = await RegularFile.ReadAllBytesAsync(file, cancellationToken);
                person = person is null
                    ? await call.Client.AddPersonAsync(name, [photo], cancellationToken)
                    : await call.Client.AddPhotosAsync(person.Id, [photo], cancellationToken);
            }
            catch (Exception exception) when (exception is StashInvalidRequestException or IOException)
            {
                isComplete = false;
                await call.Error.WriteLineAsync($"{file}: {exception.Message}");
            }
        }

        if (person is not null) await WriteAsync(call, person);
        else await call.Error.WriteLineAsync($"{folder}: No photo could be used, so {name} was not added.");
        return isComplete && person is not null;
    }

    private static Command NameGroup(RemoteGroup group)
    {
        var job = new Argument<string>("JOB") { Description = "The id of the job that the group belongs to, or its beginning." };
        var id = new Argument<string>("GROUP") { Description = "The group, as 'clusters' lists it." };
        var name = new Argument<string>("NAME") { Description = "The person's name; with --known also the id." };
        var known = new Option<bool>("--known") { Description = "Add the faces to a person whom the face service knows." };
        var without = new Option<string[]>("--without")
        {
            HelpName = "FACE",
            Description = "A face of the group that is of somebody else, as TASK/POSITION. It can be given several times.",
        };
        return group.Create(
            "name-group", "Say who a group of unknown faces is: the best of them are added, and the jobs are matched again.",
            async (call, cancellationToken) =>
            {
                var jobId = await call.Client.FindJobIdAsync(call.Value(job)!, cancellationToken);
                var (one, who) = (call.Value(id)!, call.Value(name)!);
                var others = FaceCommands.Read(call.Value(without) ?? []);
                var named = call.Value(known)
                    ? await call.Client.AddRestOfGroupAsync(
                        jobId, one, (await GetAsync(call, who, cancellationToken)).Id, others, cancellationToken)
                    : await call.Client.NameRestOfGroupAsync(jobId, one, who, others, cancellationToken);
                if (call.Json is { } json) await json.WriteAsync(call.Output, named);
                else await WriteAsync(call, named.Person);
                return ExitCodes.Success;
            },
            [job, id, name, known, without],
            "stashai people name-group 0199f0a2 41-0 Ann --without 0199b5b2-0a9a-7c7d-8f3e-0c0000000001/0",
            "stashai people name-group 0199f0a2 41-3 Ann --known --json=enrolled,person");
    }

    private static Command Rename(RemoteGroup group)
    {
        var (who, name) = (Who("PERSON"), new Argument<string>("NAME") { Description = "The new name." });
        return group.Create(
            "rename", "Rename a person.",
            async (call, cancellationToken) =>
            {
                var person = await GetAsync(call, call.Value(who)!, cancellationToken);
                await WriteAsync(call, await call.Client.RenamePersonAsync(person.Id, call.Value(name)!, cancellationToken));
                return ExitCodes.Success;
            },
            [who, name],
            "stashai people rename Ann \"Ann Berg\"", "stashai people rename Ann \"Ann Berg\" --json=id,name");
    }

    private static Command Merge(RemoteGroup group)
    {
        var into = Who("PERSON");
        var from = new Argument<string[]>("OTHERS")
        {
            Description = "Those whose faces PERSON takes over, by name or id. They are deleted.",
            Arity = ArgumentArity.OneOrMore,
        };
        return group.Create(
            "merge", "Join people who are one.",
            async (call, cancellationToken) =>
            {
                var person = await GetAsync(call, call.Value(into)!, cancellationToken);
                var others = new List<Guid>();
                foreach (var other in call.Value(from)!) others.Add((await GetAsync(call, other, cancellationToken)).Id);
                await WriteAsync(call, await call.Client.MergePeopleAsync(person.Id, others, cancellationToken));
                return ExitCodes.Success;
            },
            [into, from],
            "stashai people merge Ann 'Ann (2)'", "stashai people merge Ann Annie Anna --json=name,faces");
    }

    private static Command Export(RemoteGroup group)
    {
        var file = new Argument<string>("FILE") { Description = "The file to write. It must not exist." };
        return group.Create(
            "export", "Write the whole gallery with all faces to a file.",
            async (call, cancellationToken) =>
            {
                var path = Path.GetFullPath(call.Value(file)!);
                var taken = new UsageException($"{path} exists already; choose another name.");
                if (Path.Exists(path)) throw taken;
                // Under another name until it is complete.
                var draft = $"{path}.{Guid.NewGuid():N}.part";
                long bytes;
                try
                {
                    await using (var stream = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
                    {
                        await call.Client.ExportPeopleAsync(stream, cancellationToken);
                        bytes = stream.Length;
                    }

                    if (!NewFile.TryPlace(draft, path)) throw taken;
                }
                finally
                {
                    File.Delete(draft);
                }

                if (call.Json is { } json) await json.WriteAsync(call.Output, new JsonObject { ["file"] = path, ["bytes"] = bytes });
                else await call.Output.WriteLineAsync($"{path}: {bytes} bytes.");
                return ExitCodes.Success;
            },
            [file],
            "stashai people export people.ndjson", "stashai people export people.ndjson --json");
    }

    private static Command Import(RemoteGroup group)
    {
        var file = new Argument<string>("FILE") { Description = "A file that 'people export' has written." };
        return group.Create(
            "import", "Import an exported gallery. It can be repeated: nothing is added twice.",
            async (call, cancellationToken) =>
            {
                var path = call.Value(file)!;
                if (RegularFile.ReasonToRefuse(path) is { } reason) throw new UsageException($"{path} {reason}.");
                await using var stream = RegularFile.OpenRead(path);
                var added = await call.Client.ImportPeopleAsync(stream, cancellationToken);
                if (call.Json is { } json) await json.WriteAsync(call.Output, added);
                else await call.Output.WriteLineAsync($"{added.PeopleAdded} people and {added.FacesAdded} faces are new.");
                return ExitCodes.Success;
            },
            [file],
            "stashai people import people.ndjson", "stashai people import people.ndjson --json");
    }

    public static Argument<string> Who(string label) => new(label) { Description = "The person's name, or the id." };

    public static async Task<Person> GetAsync(RemoteCall call, string who, CancellationToken cancellationToken) =>
        Guid.TryParse(who, out var id)
            ? await call.Client.PersonAsync(id, cancellationToken)
            : await FindAsync(call, who, cancellationToken)
                ?? throw new UsageException($"There is no person named '{who}'; 'stashai people list' shows all.");

    public static async Task<Person?> FindAsync(RemoteCall call, string name, CancellationToken cancellationToken) =>
        await call.Client.PeopleAsync(name, cancellationToken: cancellationToken)
            .FirstOrDefaultAsync(person => person.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase), cancellationToken);

    private static async Task WriteAsync(RemoteCall call, Person person)
    {
        if (call.Json is { } json) await json.WriteAsync(call.Output, person);
        else await call.Output.WriteLineAsync($"{person.Name}: {Text(person.Faces)} {(person.Faces == 1 ? "face" : "faces")}.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
