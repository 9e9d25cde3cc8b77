using Microsoft.Extensions.Options;

namespace Ungroup.Settings;

/// <summary>Stands for the settings as a whole among the options that are validated at start.</summary>
internal sealed class AllSettings;

internal sealed class ValidateSettings(StrictSettings settings) : IValidateOptions<AllSettings>
{
    public ValidateOptionsResult Validate(string? name, AllSettings options) =>
        settings.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(settings.Problems);
}
