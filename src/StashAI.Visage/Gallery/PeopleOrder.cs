using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace StashAI.Visage.Gallery;

/// <summary>The order of a list of people, and the place where a page of it ends.</summary>
/// <param name="Word">What the list is sorted by.</param>
/// <param name="IsDescending">True for the last first.</param>
internal sealed record PeopleOrder(string Word, bool IsDescending)
{
    private const string ByName = "name";
    private const string ByFaces = "faces";
    private const string ByEnrolment = "added";

    public static PeopleOrder Enrolment { get; } = new(ByEnrolment, false);

    public static IReadOnlyList<string> Words { get; } = [ByEnrolment, ByName, ByFaces];

    public bool NeedsFaces => Word == ByFaces;

    /// <summary>Reads <c>name</c>, or <c>-name</c> for the reverse; null for other words.</summary>
    public static PeopleOrder? Read(string text) =>
        Words.Contains(text.TrimStart('-')) && text.LastIndexOf('-') <= 0 ? new(text.TrimStart('-'), text.StartsWith('-')) : null;

    /// <summary>The people after a place of the list, in order.</summary>
    /// <param name="people">The people.</param>
    /// <param name="faces">The number of faces of each; only needed if <see cref="NeedsFaces"/>.</param>
    /// <param name="after">Where the page before ended; null for the start.</param>
    public IEnumerable<Person> After(IEnumerable<Person> people, IReadOnlyDictionary<long, int> faces, PeoplePlace? after)
    {
        var sign = IsDescending ? -1 : 1;
        var rows = people.Select(person => (Person: person, Value: ValueOf(person, faces)));
        if (after is { } place) rows = rows.Where(row => sign * Compare(row.Value, row.Person.Key, place.Value, place.Key) > 0);
        return rows
            .Order(Comparer<(Person Person, string Value)>.Create(
                (left, right) => sign * Compare(left.Value, left.Person.Key, right.Value, right.Person.Key)))
            .Select(row => row.Person);
    }

    /// <summary>The place of a person in this order, as text.</summary>
    public string PlaceOf(Person person, IReadOnlyDictionary<long, int> faces)
    {
        var key = person.Key.ToString(CultureInfo.InvariantCulture);
        var value = ValueOf(person, faces);
        return value.Length == 0 ? key : $"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(value))}.{key}";
    }

    /// <summary>Reads the text of a place; null when it is not one of this order.</summary>
    public PeoplePlace? ReadPlace(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != (Word == ByEnrolment ? 1 : 2)
            || !long.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var key))
        {
            return null;
        }

        try
        {
            return new(parts.Length == 1 ? "" : Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(parts[0])), key);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static int Compare(string value, long key, string otherValue, long otherKey) =>
        string.CompareOrdinal(value, otherValue) is var order and not 0 ? order : key.CompareTo(otherKey);

    private string ValueOf(Person person, IReadOnlyDictionary<long, int> faces) => Word switch
    {
        ByName => NameKey.Of(person.Name),
        ByFaces => faces.GetValueOrDefault(person.Key).ToString("D10", CultureInfo.InvariantCulture),
        _ => "",
    };
}
