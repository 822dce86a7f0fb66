using System.Globalization;
using System.Text;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Routes.Gallery;

/// <summary>
/// Makes up answers of the face service, inputs and aggregates, each also as it must be without one person: with other spaces, escapes,
/// orders and unknown members than a program would write.
/// </summary>
internal sealed class MadeAnswers(Random random)
{
    private static readonly string[] Others =
        ["0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a60", "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a61", "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a62"];

    private static readonly string[] OtherNames = ["Bo", "Anneliese Quent", "Annelise", "Zoë \"Z\""];

    /// <summary>The person, into whom another one was merged.</summary>
    public static ErasedSubject Subject { get; } = new(
        ["0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5b", "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5c"], ["Annelise Quent", "Zoë O'Ann"]);

    public MadeAnswer Next()
    {
        var parts = new List<Part>();
        List<string> kept = [];
        List<int> erased = [];
        int? faces = null;
        switch (random.Next(6))
        {
            case 0:
                var photo = Faces(random.Next(5));
                faces = photo.Count;
                erased = Note(photo, kept);
                parts.Add(Member("data", Array([Array([.. photo.Select(face => face.Text)])])));
                break;
            case 1:
                faces = Video(parts, kept, erased);
                break;
            case 2:
                OneFace(parts);
                break;
            case 3:
                parts.Add(Member("data", Object([NamedField("person1"), NamedField("person2"), Member("similarity", Number())])));
                break;
            case 4:
                parts.Add(Member("people", Array([.. Some(() => Entry())])));
                parts.Add(Member("faces", Number()));
                break;
            default:
                parts.Add(NamedField(Pick(["person", "person1", "person2", "target_person", "person_id"])));
                parts.Add(Member("item_id", Same(Text(Pick(Subject.Names)))));
                parts.Add(Member("group", Array([.. Some(() => IdText())])));
                break;
        }

        for (var i = random.Next(3); i > 0; i--) parts.Add(Unknown(i));
        var whole = Object(Shuffle(parts));
        return new MadeAnswer(whole.Before, whole.After!, whole.Before != whole.After, kept, erased, faces);
    }

    /// <summary>Frames, people, and a cover that is one of the frames, or a picture of its own.</summary>
    private int Video(List<Part> parts, List<string> kept, List<int> erased)
    {
        var all = new List<Face>();
        var frames = new List<Part>();
        Part? cover = null;
        var isAttached = random.Next(2) == 0;
        for (var i = random.Next(4); i > 0; i--)
        {
            var faces = Faces(random.Next(3));
            all.AddRange(faces);
            var list = Member("faces", Array([.. faces.Select(face => face.Text)]));
            frames.Add(Object([Member("start", Same($"{frames.Count}.5")), list]));
            if (!isAttached && (cover is null || random.Next(2) == 0)) cover = Cover(faces, list, $"{frames.Count - 1}.5");
        }

        if (cover is null)
        {
            var faces = Faces(random.Next(3));
            all.AddRange(faces);
            cover = Cover(faces, Member("faces", Array([.. faces.Select(face => face.Text)])), isAttached ? "null" : "7.25");
        }

        erased.AddRange(Note(all, kept));
        parts.Add(Member("cover", cover));
        parts.Add(Member("frames", Array(frames)));
        parts.Add(Member("people", Array([.. Some(() =>
        {
            var (person, isSubject) = Person();
            var entry = Object([Member("performer", Same(person)), Member("times", Same("[0.5,1.5]"))]);
            return isSubject ? entry with { After = null } : entry;
        })])));
        return all.Count;
    }

    private Part Cover(List<Face> faces, Part list, string time)
    {
        var picture = Text("cover");
        var image = new Part(picture, faces.Exists(face => face.IsErased) ? "\"\"" : picture);
        return Object([Member("image", image), Member("time", Same(time)), list]);
    }

    /// <summary>The answer of predict_0: the people of one face, and the face.</summary>
    private void OneFace(List<Part> parts)
    {
        var face = MakeFace();
        var people = Array([.. Some(PersonInList)]);
        parts.Add(Member("data", face.IsErased ? new Part(Array([people]).Before, "[[]]") : Array([people])));
        parts.Add(Member("face", face.Text));
    }

    private List<Face> Faces(int count) => [.. Enumerable.Range(0, count).Select(_ => MakeFace())];

    private static List<int> Note(List<Face> faces, List<string> kept)
    {
        kept.AddRange(faces.Where(face => face.Text.Before == face.Text.After).Select(face => face.Text.Before));
        return [.. faces.Index().Where(face => face.Item.IsErased).Select(face => face.Index)];
    }

    private Face MakeFace()
    {
        var people = Enumerable.Range(0, random.Next(4)).Select(_ => PersonInList()).ToList();
        var isErased = people.Count > 0 && people[0].After is null;
        var picture = Text("/9j/picture");
        List<Part> parts =
        [
            Member("image", new Part(picture, isErased ? "\"\"" : picture)),
            Member("performers", isErased ? new Part(Array(people).Before, "[]") : Array(people)),
            Member("box", Same("{\"x\": 1,\"y\":2.50}")),
            Member("quality", Number()),
        ];
        if (random.Next(2) == 0)
        {
            var stays = !isErased && people.Count > 1 && people[1].After is not null;
            var isTouched = people.Exists(person => person.After is null);
            parts.Add(Member("ambiguous", new Part("true", !isTouched || stays ? "true" : "false")));
        }

        if (random.Next(3) == 0)
        {
            var embedding = Member("embedding", Same(Text("numbers")));
            parts.Add(isErased ? embedding with { After = null } : embedding);
        }

        if (random.Next(3) == 0) parts.Add(Unknown(0));
        var text = Object(Shuffle(parts));
        return new Face(isErased ? text with { After = $"{text.After![..^1]},\"erased\":true}}" } : text, isErased);
    }

    private Part PersonInList()
    {
        var (text, isSubject) = Person();
        return new Part(text, isSubject ? null : text);
    }

    private (string Text, bool IsSubject) Person()
    {
        var isSubject = random.Next(3) == 0;
        var id = isSubject ? Pick(Subject.Ids) : Pick(Others);
        if (isSubject && random.Next(4) == 0) id = id.ToUpperInvariant();
        var name = isSubject ? Pick(Subject.Names) : Pick(OtherNames);
        return (Object(Shuffle([
            Member("id", Same(Text(id))), Member("name", Same(Text(name))), Member("confidence", Number()),
        ])).Before, isSubject);
    }

    /// <summary>A person in the list of a summary.</summary>
    private Part Entry()
    {
        var (person, isSubject) = Person();
        var text = $"{person[..^1]},\"faces\":3{Space()}}}";
        return new Part(text, isSubject ? null : text);
    }

    private Part IdText()
    {
        var isSubject = random.Next(3) == 0;
        var text = Text(isSubject ? Pick(Subject.Ids) : Pick(Others));
        return new Part(text, isSubject ? null : text);
    }

    /// <summary>A field that names a person in the spelling of the client.</summary>
    private Part NamedField(string field)
    {
        var isSubject = random.Next(2) == 0;
        var name = isSubject ? Pick([.. Subject.Names, .. Subject.Ids]) : Pick([.. OtherNames, .. Others]);
        if (random.Next(2) == 0) name = $"  {name.ToUpperInvariant().Replace(" ", "   ", StringComparison.Ordinal)} ";
        // An id with spaces around it is no id, but it still may be found by its digits: keep ids as they are.
        if (Guid.TryParse(name, out _)) name = name.Trim();
        var text = Text(name);
        return Member(field, new Part(text, isSubject ? "null" : text));
    }

    /// <summary>A member that no version of the service has.</summary>
    private Part Unknown(int number) =>
        Member($"x{number}", Same(Pick(["[ 1e3, {\"a\" :\"\\u0041nnelise Quent\"}]", "\"Annelise Quent\"", "null", "1.50", "{}"])));

    private Part Number() => Same(random.NextDouble().ToString("0.0#####", CultureInfo.InvariantCulture));

    private List<Part> Some(Func<Part> make) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => make())];

    private Part Member(string name, Part value)
    {
        var start = $"{Space()}{Text(name, mayEscape: false)}{Space()}:{Space()}";
        return new Part(start + value.Before, value.After is null ? null : start + value.After);
    }

    private Part Object(IReadOnlyList<Part> members) => Join("{", members, "}");

    private Part Array(IReadOnlyList<Part> elements) => Join("[", elements, "]");

    private Part Join(string open, IReadOnlyList<Part> parts, string close)
    {
        var space = Space();
        return new Part(
            $"{open}{string.Join($"{space},", parts.Select(part => part.Before))}{space}{close}",
            $"{open}{string.Join($"{space},", parts.Select(part => part.After).OfType<string>())}{space}{close}");
    }

    private string Space() => Pick(["", "", "", " ", "\n", "\t "]);

    /// <summary>A JSON text, in which some characters are escaped that need not be.</summary>
    private string Text(string value, bool mayEscape = true)
    {
        var text = new StringBuilder("\"");
        foreach (var one in value)
        {
            var isEscaped = one is '"' or '\\' || (mayEscape && random.Next(40) == 0);
            text.Append(isEscaped ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)one:X4}") : one);
        }

        return text.Append('"').ToString();
    }

    private T Pick<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    private List<Part> Shuffle(List<Part> parts) => [.. parts.OrderBy(_ => random.Next())];

    private static Part Same(string text) => new(text, text);

    /// <summary>A piece of text, and the same without the person; null where nothing is left of it.</summary>
    private sealed record Part(string Before, string? After);

    private sealed record Face(Part Text, bool IsErased);
}

/// <summary>A text, and what must become of it.</summary>
/// <param name="Before">The text.</param>
/// <param name="After">The same without the person.</param>
/// <param name="NamesPerson">Whether it names the person at all.</param>
/// <param name="Kept">Faces that do not concern the person, which must stay as they are.</param>
/// <param name="Erased">The positions of the faces that are erased.</param>
/// <param name="Faces">How many faces are kept with it; null for another kind of answer.</param>
internal sealed record MadeAnswer(
    string Before, string After, bool NamesPerson, IReadOnlyList<string> Kept, IReadOnlyList<int> Erased, int? Faces);
