using System.Globalization;
using System.Text;
using static StashAI.Server.Demo.HtmlReport;

namespace StashAI.Server.Demo;

/// <summary>One photo of the report: the picture with boxes and names as SVG over it, in the photo's own pixels.</summary>
internal static class ReportPhoto
{
    public static string Figure(PhotoResult result, byte[]? jpeg)
    {
        var matches = result.Faces.Select(face => face.Match).OfType<FaceMatch>().ToList();
        var html = new StringBuilder();
        html.Append(matches.Count > 0 ? "<figure class=\"known\">\n" : "<figure>\n");
        if (jpeg is not null)
        {
            AppendPicture(html, result, jpeg);
        }
        html.Append(CultureInfo.InvariantCulture, $"<figcaption><b>{Encode(result.Photo.Name)}</b><span>{Time(result)}</span>");
        if (result.Error is { } error)
        {
            html.Append(CultureInfo.InvariantCulture, $"<span class=\"error\">failed: {Encode(error)}</span>");
        }
        else
        {
            var names = string.Join(", ", matches.Select(match => $"<strong>{Encode(match.Name)}</strong> {Encode(match.Confidence)}"));
            var faces = result.Faces.Count == 0 ? "no face" : Count(result.Faces.Count, "face");
            html.Append(
                CultureInfo.InvariantCulture, $"<span class=\"who\">{faces}{(names.Length > 0 ? ": " + names : ", nobody known")}</span>");
        }
        html.Append("</figcaption>\n</figure>\n");
        return html.ToString();
    }

    private static void AppendPicture(StringBuilder html, PhotoResult result, byte[] jpeg)
    {
        var (width, height) = (result.Photo.Width, result.Photo.Height);
        // Lines and letters have the same size on the page for photos of any size.
        var unit = Math.Max(width, height * 1.25) / 1000;
        html.Append(CultureInfo.InvariantCulture, $"""
            <svg viewBox="0 0 {width} {height}" role="img" aria-label="{Encode(result.Photo.Name)}">
            <image width="{width}" height="{height}" href="data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}"/>

            """);
        foreach (var face in result.Faces.OrderBy(face => face.Match is not null))
        {
            if (face.Box is { } box)
            {
                AppendBox(html, box, face.Match, unit);
            }
        }
        foreach (var face in result.Faces)
        {
            if (face is { Box: { } box, Match: { } match })
            {
                AppendName(html, box, match, unit, width, height);
            }
        }
        html.Append("</svg>\n");
    }

    private static void AppendBox(StringBuilder html, FaceBox box, FaceMatch? match, double unit)
    {
        var stroke = (match is null ? 4 : 7) * unit;
        var title = match is null ? "not known" : $"{match.Name}, {match.Confidence}";
        var area = string.Create(CultureInfo.InvariantCulture,
            $"x=\"{box.X:0.#}\" y=\"{box.Y:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\" rx=\"{10 * unit:0.#}\"");
        html.Append(CultureInfo.InvariantCulture, $"""
            <rect class="box-shade" {area} stroke-width="{stroke + 3 * unit:0.#}"/><rect class="box{(match is null ? "" : " box-known")}" {area} stroke-width="{stroke:0.#}"><title>{Encode(title)}</title></rect>

            """);
    }

    private static void AppendName(StringBuilder html, FaceBox box, FaceMatch match, double unit, int width, int height)
    {
        var text = $"{match.Name}  {match.Confidence}";
        var size = 36 * unit;
        var tagHeight = size * 1.5;
        var tagWidth = Math.Min(width, (text.Length * 0.56 + 1.0) * size);
        var x = Math.Clamp(box.X + box.Width / 2 - tagWidth / 2, 0, Math.Max(0, width - tagWidth));
        var above = box.Y - tagHeight - 8 * unit;
        var y = above >= 0 ? above : Math.Min(height - tagHeight, box.Y + box.Height + 8 * unit);
        html.Append(CultureInfo.InvariantCulture, $"""
            <rect class="tag" x="{x:0.#}" y="{y:0.#}" width="{tagWidth:0.#}" height="{tagHeight:0.#}" rx="{8 * unit:0.#}"/><text class="tag-text" x="{x + tagWidth / 2:0.#}" y="{y + tagHeight * 0.69:0.#}" font-size="{size:0.#}" text-anchor="middle">{Encode(text)}</text>

            """);
    }
}
