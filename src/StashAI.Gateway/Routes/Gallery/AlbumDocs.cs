using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>What the API's document says of the photos of people.</summary>
internal static class AlbumDocs
{
    public static ParameterDoc Job { get; } = ParameterDoc.Query("job", "Only photos of this job.") with { Format = "uuid" };

    public static ParameterDoc MinConfidence { get; } =
        ParameterDoc.Query("min_confidence", "Only photos with a match of at least this confidence.", "number") with { Most = 1 };

    public static RouteDoc Photos { get; } = new("list-photos-of-person", Chapter.Read, "The photos that show a person, best first")
    {
        Description = "Over all jobs, also of videos. The person is the best match of each face in `faces`; `face` is its position in "
            + "`data[0]` of the result, or among the faces of all frames of a video, whose `time` is in seconds; and `confidence` is the "
            + "best of them. It is answered from the stored results, also while the face service is down.",
        Parameters = [GalleryDocs.Id, ParameterDoc.Limit, ParameterDoc.Cursor, Job, MinConfidence],
        Answers =
        [
            AnswerDoc.Of(new AlbumPhotoPageShape(
                [
                    new(Samples.TaskId, Samples.JobId, "Summer")
                    {
                        ItemName = "beach/IMG_2041.HEIC",
                        Confidence = 0.97,
                        Faces = [new(0, 0.97, DocJson.Object("""{"x":40,"y":30,"width":90,"height":110}"""), null)],
                        PhotoUrl = $"http://localhost:9998/api/queue/task/{Samples.TaskIdText}/input/image",
                        CompletedAt = Samples.Time,
                    },
                ],
                "P-8AAAAAAAAAAAAAAQAAAA", 202, true)),
        ],
    };

    public static RouteDoc Together { get; } = new("list-people-together", Chapter.Read, "Who is on photos of a person, most photos first")
    {
        Description = "`photos` counts the photos that show both. Of a person with more than 20,000 photos, those with the best matches "
            + "count; then `total_is_exact` is false. While the face service is down, the names are those of the results.",
        Parameters = [GalleryDocs.Id, ParameterDoc.Limit, ParameterDoc.Cursor, Job],
        Answers = [AnswerDoc.Of(new CompanionPageShape([new(GalleryDocs.PersonId.ToString(), "Ben", 17)], null, 1, true))],
    };
}
