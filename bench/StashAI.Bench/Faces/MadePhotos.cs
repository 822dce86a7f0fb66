using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using StashAI.Testing.Faces;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Bench.Faces;

/// <summary>
/// Photos with made-up faces that have the cosines of real ones, and the answers of a face service that found them. Pictures of the faces
/// are random bytes of the size that real ones have.
/// </summary>
internal sealed class MadePhotos
{
    private const int FacesOfPhoto = 2;
    private const int PhotoBytes = 1024;
    private const int PictureBytes = 8 * 1024;

    /// <summary>People with so many photos or more are enrolled, with so many faces each.</summary>
    private const int EnrolledFaces = 3;

    private readonly SyntheticFaces faces;
    private readonly int[] order;

    public MadePhotos(int photos)
    {
        Count = photos;
        faces = SyntheticFaces.Collection(photos * FacesOfPhoto, 1);
        order = [.. Enumerable.Range(0, photos * FacesOfPhoto)];
        new Random(2).Shuffle(order);
    }

    public int Count { get; }

    /// <summary>The body of the submit; each photo begins with its number.</summary>
    public byte[] Submit()
    {
        var body = new StringBuilder("""{"images":[""");
        var photo = new byte[PhotoBytes];
        for (var i = 0; i < Count; i++)
        {
            new Random(i).NextBytes(photo);
            Encoding.ASCII.GetBytes(i.ToString("D12", CultureInfo.InvariantCulture)).CopyTo(photo, 0);
            body.Append(i == 0 ? "\"" : ",\"").Append(Convert.ToBase64String(photo)).Append('"');
        }

        return Encoding.ASCII.GetBytes(body.Append("]}").ToString());
    }

    /// <summary>What the face service found on a photo, when it knew nobody.</summary>
    public Reply Answer(ScriptedCall call)
    {
        if (call.JsonField("image_data") is not { } image) return Reply.Json("{}");
        var number = int.Parse(Encoding.ASCII.GetString(Convert.FromBase64String(image[..16])), CultureInfo.InvariantCulture);
        var positions = Enumerable.Range(number * FacesOfPhoto, FacesOfPhoto).Select(i => order[i]).ToList();
        var kept = new byte[1 + (positions.Count * 1044)];
        kept[0] = 1;
        var found = new List<string>();
        foreach (var (face, i) in positions.Select((face, i) => (face, i)))
        {
            var part = kept.AsSpan(1 + (i * 1044), 1044);
            for (var at = 0; at < 512; at++) BinaryPrimitives.WriteHalfLittleEndian(part[(at * 2)..], (Half)faces.Vectors[face][at]);
            BinaryPrimitives.WriteSingleLittleEndian(part[1024..], faces.Qualities[face]);
            for (var at = 0; at < 4; at++) BinaryPrimitives.WriteSingleLittleEndian(part[(1028 + (at * 4))..], 100 + (at * 100));
            found.Add(Found(face));
        }

        return Reply.Json(
            $$"""{"data":[[{{string.Join(',', found)}}]],"image_width":4000,"image_height":3000,"incomplete":false,"threshold_cosine":0.45,"gallery_version":0,"kept_faces":"{{Convert.ToBase64String(kept)}}"}""");
    }

    /// <summary>The gallery to import: who is on most photos, a line for each.</summary>
    public string Gallery(int people)
    {
        var lines = new StringBuilder();
        foreach (var person in People().Take(people))
        {
            var enrolled = person.Take(EnrolledFaces).Select((face, i) => string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"embedding":"{{Embedding(face)}}","quality":{{faces.Qualities[face]}},"source":"photo {{i}}"}"""));
            lines.Append(CultureInfo.InvariantCulture, $$"""{"name":"{{NameOf(person.Key)}}","faces":[{{string.Join(',', enrolled)}}]}""")
                .Append('\n');
        }

        return lines.ToString();
    }

    public static string NameOf(int person) => string.Create(CultureInfo.InvariantCulture, $"Person {person:D5}");

    private IEnumerable<IGrouping<int, int>> People() => Enumerable.Range(0, faces.People.Count).Where(face => faces.People[face] >= 0)
        .GroupBy(face => faces.People[face]).OrderByDescending(person => person.Count()).ThenBy(person => person.Key);

    private string Embedding(int face) => Convert.ToBase64String(faces.Vectors[face].SelectMany(BitConverter.GetBytes).ToArray());

    private static string Found(int face)
    {
        var picture = new byte[PictureBytes];
        new Random(face).NextBytes(picture);
        return $$"""{"image":"{{Convert.ToBase64String(picture)}}","confidence":0.99,"performers":[],"box":{"x":100,"y":200,"width":300,"height":400},"landmarks":{"left_eye":{"x":180.2,"y":320.5},"right_eye":{"x":320.1,"y":322.8},"nose":{"x":250.7,"y":400.3},"left_mouth":{"x":190.4,"y":480.9},"right_mouth":{"x":310.6,"y":482.2} },"quality":4.2,"ambiguous":false}""";
    }
}
