const { defineConfig } = require('@medusajs/framework/utils');

/** A server without admin pages, on the database that the environment names. */
module.exports = defineConfig({
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseDriverOptions: { connection: { ssl: false } },
    http: {
      storeCors: 'http://127.0.0.1',
      adminCors: 'http://127.0.0.1',
      authCors: 'http://127.0.0.1',
      jwtSecret: process.env.JWT_SECRET,
      cookieSecret: process.env.JWT_SECRET,
    },
  },
  admin: { disable: true },
});
