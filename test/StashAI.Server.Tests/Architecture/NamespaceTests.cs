using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Architecture;

/// <summary>
/// Pins which folder may know which, from the compiled code: no circle anywhere in the product, and inside the gateway one way only. A
/// folder is a namespace.
/// </summary>
public sealed class NamespaceTests
{
    /// <summary>
    /// What each room of the gateway may use besides its own inner rooms. The order is that of a request, from the outside in.
    /// </summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Pages"] = ["Routes", "Access", "Upstreams", "Settings", "Wire"],
        ["Routes"] = ["Live", "Submit", "Intake", "Upstreams", "Access", "Settings", "Wire"],
        ["Dialects"] = ["Submit", "Intake", "Upstreams", "Access", "Settings", "Wire"],
        ["Live"] = ["Submit", "Intake", "Upstreams", "Access", "Settings", "Wire"],
        ["Submit"] = ["Intake", "Upstreams", "Access", "Settings", "Wire"],
        ["Intake"] = ["Upstreams", "Access", "Settings", "Wire"],
        ["Upstreams"] = ["Settings", "Wire"],
        ["Access"] = ["Settings", "Wire"],
        ["Wire"] = ["Settings"],
        ["Settings"] = [],
    };

    public static TheoryData<string> Assemblies =>
    [
        "StashAI.Sdk", "StashAI.Queue", "StashAI.Storage", "StashAI.Adapters", "StashAI.Streams", "StashAI.Hosting", "StashAI.Visage",
        "StashAI.SqliteFiles", "StashAI.Client", "StashAI.Gateway", "stashai",
    ];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_namespaces_know_each_other_in_a_circle(string assembly)
    {
        var references = NamespaceReferences.Of(assembly);
        var reached = references.Select(one => one.From).Distinct().ToDictionary(room => room, room => Reach(room, references));

        var circular = references.Where(one => reached.TryGetValue(one.To, out var back) && back.Contains(one.From));

        Assert.True(!circular.Any(), "These references close a circle of namespaces:\n" + Lines(circular));
    }

    [Fact]
    public void Rooms_of_the_gateway_know_each_other_one_way_only()
    {
        const string root = "StashAI.Gateway.";
        var references = NamespaceReferences.Of("StashAI.Gateway");

        var broken = references.Where(one =>
            Room(one.From) is var from && Room(one.To) is var to && from != to
            && !(Allowed.TryGetValue(from, out var may) && may.Contains(to)));

        Assert.True(!broken.Any(), "These references go against the order of the gateway's rooms:\n" + Lines(broken));

        static string Room(string name) => name.StartsWith(root, StringComparison.Ordinal) ? name[root.Length..].Split('.')[0] : name;
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_file_lies_in_the_folder_of_its_namespace(string assembly)
    {
        var project = assembly == "stashai" ? "StashAI.Server" : assembly;
        var folder = Path.Combine(SourceTree.Folder, "src", project);

        var wrong = from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                    let parts = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)
                    where parts[0] is not ("obj" or "bin")
                    let expected = string.Join('.', [project, .. parts[..^1]])
                    let stated = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
                    where stated is not null && stated != $"namespace {expected};"
                    select $"{Path.GetRelativePath(folder, file)}: {stated}";

        Assert.Empty(wrong);
    }

    private static HashSet<string> Reach(string start, IReadOnlyList<NamespaceReference> references)
    {
        var next = references.ToLookup(one => one.From, one => one.To);
        var seen = new HashSet<string>();
        var open = new Stack<string>(next[start]);
        while (open.TryPop(out var room))
        {
            if (!seen.Add(room)) continue;
            foreach (var further in next[room]) open.Push(further);
        }

        return seen;
    }

    private static string Lines(IEnumerable<NamespaceReference> references) =>
        string.Join('\n', references.Select(one => $"  {one.From}.{one.Type} uses {one.To}.{one.Used}").Distinct().Order());
}
