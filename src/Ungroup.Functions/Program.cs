using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Ungroup.Functions;
using Ungroup.Ledger;

try
{
    var app = FunctionsApplication.CreateBuilder(args).AddFunctionApp().Build();

    // Before the first message is received: an app without a ledger or a bus would burn deliveries, one that does not start burns none.
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    _ = app.Services.GetRequiredService<ServiceBusClient>();
    _ = app.Services.GetRequiredService<ILedgerStore>();
    app.Run();
    return 0;
}
catch (Exception error) when (BadSettings.In(error) is { Count: > 0 } sentences)
{
    foreach (var sentence in sentences)
    {
        Console.Error.WriteLine(sentence);
    }

    return 2;
}
