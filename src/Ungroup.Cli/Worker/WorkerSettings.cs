using System.Collections;
using Microsoft.Extensions.Configuration;

namespace Ungroup.Cli.Worker;

/// <summary>Where settings come from, weakest first: a file, the environment, the command line.</summary>
internal static class WorkerSettings
{
    /// <summary><c>UNGROUP__Ecs__Endpoint</c> is <c>Ecs:Endpoint</c>.</summary>
    public const string Prefix = "UNGROUP__";

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

            return builder.AddEnvironmentVariables(Prefix).AddInMemoryCollection(Credentials()).AddInMemoryCollection(commandLine).Build()
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
            && (name.StartsWith("ALIBABA_CLOUD_", StringComparison.Ordinal) || name is "IDENTITY_ENDPOINT" or "IDENTITY_HEADER")
        select KeyValuePair.Create((string)variable.Key, variable.Value as string);
}
