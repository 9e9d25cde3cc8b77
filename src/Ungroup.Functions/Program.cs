using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Ungroup.Functions;
using Ungroup.Ledger;
using Ungroup.Settings;

try
{
    var app = FunctionsApplication.CreateBuilder(args).AddFunctionApp().Build();

    // Before the first message: an app without a ledger or a bus would burn deliveries, one that does not start burns none.
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    var bus = app.Services.GetRequiredService<ServiceBusClient>();
    _ = app.Services.GetRequiredService<ILedgerStore>();
    app.Services.GetRequiredService<InForce>().Say(bus.FullyQualifiedNamespace);
    app.Run();
    return 0;
}
catch (Exception error) when (SettingSentences.In(error) is { Count: > 0 } sentences)
{
    foreach (var sentence in sentences)
    {
        Console.Error.WriteLine(sentence);
    }

    return 2;
}
