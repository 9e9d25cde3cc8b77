using System.Collections;
using Microsoft.Extensions.Configuration;
using Ungroup.Settings;
using Ungroup.Settings.Reading;

namespace Ungroup.Cli.Worker;

/// <summary>Where settings come from, weakest first: a file, the environment, the command line.</summary>
internal static class WorkerSettings
{
    /// <summary><c>UNGROUP__Ecs__Endpoint</c> is <c>Ecs:Endpoint</c>.</summary>
    public const string Prefix = "UNGROUP__";

    /// <summary>Levels of the log, as .NET reads them: <c>Logging:LogLevel:Default</c>.</summary>
    public const string Logging = "Logging";

    private static readonly string[] Identity = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"];

    /// <summary>Every name in the worker's settings is ours, but those that Alibaba Cloud's and Azure's own tools read.</summary>
    public static SettingSurroundings Surroundings => new()
    {
        Sections = [SettingSection.Of<WorkerOptions>(WorkerOptions.Section)],
        IsAllOurs = true,
        Texts = Identity,
        Open = [Logging],
        Problems = [.. MisnamedVariables.In(Environment.GetEnvironmentVariables().Keys.Cast<string>(), [.. StrictSettings.CoreSections.Select(section => section.Name), WorkerOptions.Section])],
    };

    /// <summary>Settings that have been understood, and what is wrong with the others.</summary>
    public static StrictSettings Strict(IConfiguration configuration) => StrictSettings.Read(configuration, Surroundings);

    /// <exception cref="BadSettingsException">The file is not there or is not JSON.</exception>
    public static IConfigurationRoot Read(string? file, IEnumerable<KeyValuePair<string, string?>> commandLine)
    {
        try
        {
            var builder = new ConfigurationBuilder();
            if (file is not null)
            {
                builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
            }

            return builder.AddEnvironmentVariables(Prefix).AddInMemoryCollection(Credentials())
                .AddCommandLine([.. commandLine.Select(option => $"--{option.Key}={option.Value}")]).Build()
                .WithAccountDefaults();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            var why = exception is FileNotFoundException ? "there is no such file" : exception.InnerException?.Message ?? exception.Message;
            throw new BadSettingsException([$"{file}: {why}"]);
        }
    }

    // The names Alibaba Cloud's own tools read, and those by which Azure offers an identity; the core looks them up as they are.
    private static IEnumerable<KeyValuePair<string, string?>> Credentials() =>
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        where variable.Key is string name
            && (name.StartsWith("ALIBABA_CLOUD_", StringComparison.Ordinal) || Identity.Contains(name))
        select KeyValuePair.Create((string)variable.Key, variable.Value as string);
}
