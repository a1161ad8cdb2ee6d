export async function* measureService() {}
