using Microsoft.Extensions.Logging;
using StashAI.Server.Options;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Cli;

public sealed class OptionsTests
{
    [Fact]
    public async Task Serve_has_the_documented_defaults()
    {
        var run = await CommandRun.OfAsync("serve");

        var options = run.As<ServeOptions>();
        var data = Path.GetFullPath("data");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["http://127.0.0.1:9998"], options.Urls);
        Assert.Equal(data, options.DataDirectory);
        Assert.Equal(Path.Combine(data, "queue.db"), options.QueueDatabasePath);
        Assert.Equal(Path.Combine(data, "models"), options.ModelsDirectory);
        Assert.Equal(4, options.Workers);
        Assert.Null(options.VisageUrl);
        Assert.Equal(9997, options.VisagePort);
        Assert.Equal(LogLevel.Information, options.LogLevel);
    }

    [Fact]
    public async Task The_environment_replaces_the_defaults()
    {
        var run = await CommandRun.OfAsync(
            "serve",
            ("DATA_DIR", "/srv/stash"),
            ("QUEUE_DB_PATH", "/srv/queue/q.db"),
            ("WORKERS", "7"),
            ("VISAGE_URL", "http://visage:8000/api/predict_1"),
            ("VISAGE_API_URL", "http://visage:8000/api/predict_1"),
            ("LOG_LEVEL", "Warning"),
            ("PYTHONPATH", "/app"));

        var options = run.As<ServeOptions>();
        Assert.Equal("/srv/stash", options.DataDirectory);
        Assert.Equal("/srv/queue/q.db", options.QueueDatabasePath);
        Assert.Equal(7, options.Workers);
        Assert.Equal(new Uri("http://visage:8000/api/predict_1"), options.VisageUrl);
        Assert.Equal(LogLevel.Warning, options.LogLevel);
    }

    [Fact]
    public async Task A_flag_wins_over_the_environment_and_a_bad_variable_behind_it_does_not_matter()
    {
        var run = await CommandRun.OfAsync(
            "serve --workers 2 --data /srv/a --visage-url http://b:1 --urls http://127.0.0.1:0;http://[::1]:0 --log-level error",
            ("WORKERS", "many"),
            ("DATA_DIR", "/srv/b"),
            ("VISAGE_URL", "http://c:2"),
            ("LOG_LEVEL", "debug"));

        var options = run.As<ServeOptions>();
        Assert.Equal(2, options.Workers);
        Assert.Equal("/srv/a", options.DataDirectory);
        Assert.Equal(new Uri("http://b:1"), options.VisageUrl);
        Assert.Equal(["http://127.0.0.1:0", "http://[::1]:0"], options.Urls);
        Assert.Equal(LogLevel.Error, options.LogLevel);
    }

    [Fact]
    public async Task The_face_service_can_be_left_out()
    {
        var serve = (await CommandRun.OfAsync("serve --visage-url none")).As<ServeOptions>();
        var worker = (await CommandRun.OfAsync("worker", ("VISAGE_API_URL", "None"))).As<WorkerOptions>();

        Assert.Equal((null, false), (serve.VisageUrl, serve.HasVisage));
        Assert.Equal((null, false), (worker.VisageUrl, worker.HasVisage));
        Assert.True((await CommandRun.OfAsync("serve")).As<ServeOptions>().HasVisage);
    }

    [Fact]
    public async Task A_variable_set_to_nothing_counts_as_not_set()
    {
        var run = await CommandRun.OfAsync("serve", ("WORKERS", ""), ("DATABASE_URL", " "), ("DATA_DIR", ""));

        Assert.Equal(4, run.As<ServeOptions>().Workers);
    }

    [Fact]
    public async Task Worker_and_migrate_find_the_queue_where_serve_keeps_it()
    {
        var worker = await CommandRun.OfAsync("worker --data /srv/d --workers 9 --visage-url http://v:1");
        var migrate = await CommandRun.OfAsync("migrate --data /srv/d");

        Assert.Equal("/srv/d/queue.db", worker.As<WorkerOptions>().QueueDatabasePath);
        Assert.Equal(9, worker.As<WorkerOptions>().Workers);
        Assert.Equal("/srv/d/queue.db", migrate.As<MigrateOptions>().QueueDatabasePath);
    }

    [Theory]
    [InlineData("serve", null, null)]
    [InlineData("serve", "files", "files")]
    [InlineData("worker", "database", "database")]
    [InlineData("worker --database postgres://db/queue", "files:/srv/shared/", "files:/srv/shared/")]
    [InlineData("serve", "s3://photos?region=eu-central-1", "s3://photos?region=eu-central-1")]
    [InlineData("worker", "s3://photos/a/?endpoint=http://s3:9000/", "s3://photos/a?endpoint=http://s3:9000")]
    public async Task Large_parts_are_kept_where_PAYLOADS_says(string command, string? value, string? expected)
    {
        var run = await CommandRun.OfAsync(command, [.. value is null ? [] : new[] { ("PAYLOADS", value) }]);

        Assert.Equal(expected, (run.Options is ServeOptions serve ? serve.Payloads : run.As<WorkerOptions>().Payloads)?.ToString());
    }

    [Theory]
    [InlineData("serve", "s4")]
    [InlineData("serve", "files:shared")]
    [InlineData("serve --database postgres://db/queue", "files")]
    public async Task A_place_that_cannot_be_used_is_refused_by_the_name_of_the_setting(string command, string value)
    {
        var run = await CommandRun.OfAsync(command, ("PAYLOADS", value));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("PAYLOADS", run.Error, StringComparison.Ordinal);
        Assert.Contains("files:", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://photos?region=x&key=SECRET", "endpoint and region", "", "")]
    [InlineData("s3://SECRET:SECRET@photos?region=x", "AWS_SECRET_ACCESS_KEY", "", "")]
    [InlineData("s3://photos?region=x", "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not", "SECRET", "")]
    [InlineData("s3://photos?region=x", "AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not", "", "SECRET")]
    [InlineData("s3://photos?region=x", "AWS_ACCESS_KEY_ID must be", "SECRET SECRET", "x")]
    public async Task A_bucket_that_cannot_be_used_is_refused_without_repeating_a_key(string value, string said, string id, string secret)
    {
        var run = await CommandRun.OfAsync(
            "serve", ("PAYLOADS", value), ("AWS_ACCESS_KEY_ID", id), ("AWS_SECRET_ACCESS_KEY", secret));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", run.Error.Replace("AWS_SECRET", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_server_is_named_without_its_password()
    {
        using var folder = new TempFolder();
        var file = folder.File("secret");
        await File.WriteAllTextAsync(file, "postgres://me:s3cret@db/queue\n", TestContext.Current.CancellationToken);

        var flag = (await CommandRun.OfAsync("serve --database postgres://u:s3cret@h:1/d", ("DATABASE_URL", "nonsense")))
            .As<ServeOptions>();
        var secret = (await CommandRun.OfAsync("worker", ("DATABASE_URL_FILE", file))).As<WorkerOptions>();
        var none = (await CommandRun.OfAsync("migrate")).As<MigrateOptions>();

        Assert.Equal(("h:1/d", "postgres://u:s3cret@h:1/d"), (flag.DatabaseServer!.Name, flag.DatabaseServer.Url));
        Assert.Equal(("db:5432/queue", "postgres://me:s3cret@db/queue"), (secret.DatabaseServer!.Name, secret.DatabaseServer.Url));
        Assert.Null(none.DatabaseServer);
        Assert.DoesNotContain("s3cret", $"{flag} {secret}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gallery_is_where_the_queue_is_unless_a_setting_says_otherwise()
    {
        using var folder = new TempFolder();
        var file = folder.File("secret");
        await File.WriteAllTextAsync(file, "postgres://me:s3cret@faces/gallery\n", TestContext.Current.CancellationToken);
        const string Queue = "postgres://u:s3cret@h:1/d";

        Assert.Equal("h:1/d", (await ServeAsync(("DATABASE_URL", Queue))).GalleryServer!.Name);
        Assert.Null((await ServeAsync()).GalleryServer);
        Assert.Null((await ServeAsync(("DATABASE_URL", Queue), ("VISAGE_DATABASE", "None"))).GalleryServer);
        var own = await ServeAsync(("DATABASE_URL", Queue), ("VISAGE_DATABASE_FILE", file));
        Assert.Equal(("h:1/d", "faces:5432/gallery"), (own.DatabaseServer!.Name, own.GalleryServer!.Name));
        var visage = (await CommandRun.OfAsync("visage", ("VISAGE_DATABASE", Queue))).As<VisageCommandOptions>();
        Assert.Equal(Queue, visage.Database!.Url);
        Assert.Null((await CommandRun.OfAsync("visage", ("DATABASE_URL", Queue))).As<VisageCommandOptions>().Database);
        Assert.DoesNotContain("s3cret", $"{own} {visage}", StringComparison.Ordinal);
        var wrong = (await CommandRun.OfAsync("visage", ("VISAGE_DATABASE", "mysql://me:s3cret@h/d"))).Error;
        Assert.Contains("VISAGE_DATABASE is not valid", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", wrong, StringComparison.Ordinal);

        static async Task<ServeOptions> ServeAsync(params (string, string)[] variables) =>
            (await CommandRun.OfAsync("serve", variables)).As<ServeOptions>();
    }

    [Fact]
    public async Task Visage_keeps_its_models_in_the_data_folder_unless_told_otherwise()
    {
        var plain = await CommandRun.OfAsync("visage --data /srv/d");
        var told = await CommandRun.OfAsync("visage --data /srv/d --models /srv/m --urls http://127.0.0.1:1234");

        Assert.Equal("/srv/d/models", plain.As<VisageCommandOptions>().ModelsDirectory);
        Assert.Equal(["http://127.0.0.1:9997"], plain.As<VisageCommandOptions>().Urls);
        Assert.Equal("/srv/m", told.As<VisageCommandOptions>().ModelsDirectory);
        Assert.Equal(["http://127.0.0.1:1234"], told.As<VisageCommandOptions>().Urls);
    }

    [Fact]
    public async Task Demo_takes_the_samples_or_the_users_own_photos_and_people()
    {
        var folder = Path.GetTempPath().TrimEnd('/');

        var samples = await CommandRun.OfAsync("demo --keep");
        var own = await CommandRun.OfAsync($"demo --photos {folder} --people {folder}");

        Assert.True(samples.As<DemoOptions>().Keep);
        Assert.Null(samples.As<DemoOptions>().PhotosDirectory);
        Assert.Null(samples.As<DemoOptions>().OpenPage);
        Assert.Equal(folder, own.As<DemoOptions>().PhotosDirectory);
        Assert.Equal(folder, own.As<DemoOptions>().PeopleDirectory);
    }
}
